//! Shared state: primitives, and the parts made of them.

#[cfg(test)]
mod checked;
mod contain;
mod nounwind;
mod primitives;
mod reloadable;
mod sharded_counter;
mod sticky_flag;
mod thread_slot;

pub(crate) use contain::{contain, wake};
pub(crate) use nounwind::nounwind;
#[cfg(test)]
pub(crate) use primitives::writes;
pub(crate) use primitives::{AtomicBool, AtomicU64, Mutex, MutexGuard, fence, lock};
pub(crate) use reloadable::Reloadable;
pub(crate) use sharded_counter::{Sharded, ShardedCounters, shards};
pub(crate) use sticky_flag::StickyFlag;
