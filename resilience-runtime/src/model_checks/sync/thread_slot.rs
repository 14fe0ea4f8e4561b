//! Model checks of the thread slots.

use shuttle::sync::Arc;
use shuttle::sync::atomic::{AtomicU64, Ordering::SeqCst};
use shuttle::thread;

use crate::sync::thread_slot::{OWNED, SlotPool};

#[test]
fn a_new_owner_sees_all_writes_of_the_previous_owner() {
    shuttle::check_random(
        || {
            let pool = Arc::new(SlotPool::new());
            let cells = Arc::new([const { AtomicU64::new(0) }; OWNED]);
            let threads: Vec<_> = (0..3)
                .map(|_| {
                    let (pool, cells) = (Arc::clone(&pool), Arc::clone(&cells));
                    thread::spawn(move || {
                        for _ in 0..2 {
                            let lease = pool.take().expect("more slots than threads");
                            let mine = &cells[lease.slot];
                            mine.store(mine.load(SeqCst) + 1, SeqCst);
                        }
                    })
                })
                .collect();
            for thread in threads {
                thread.join().expect("no thread panics");
            }
            assert_eq!(cells.iter().map(|cell| cell.load(SeqCst)).sum::<u64>(), 6);
        },
        5_000,
    );
}

#[test]
fn the_lowest_free_slot_is_taken_until_none_is_left() {
    shuttle::check_random(
        || {
            let pool = SlotPool::new();
            let leases: Vec<_> = (0..OWNED).map_while(|_| pool.take()).collect();
            assert!(leases.iter().map(|lease| lease.slot).eq(0..OWNED));
            assert!(pool.take().is_none());
            drop(leases);
            assert_eq!(pool.take().map(|lease| lease.slot), Some(0));
        },
        1,
    );
}
