//! A future that is `Send` stays so under the attributes; one that is not still runs on one thread.

use std::cell::{Cell, RefCell};
use std::fmt::Display;
use std::future::ready;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[allow(unused_imports)]
use resilience::{bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout};

use crate::{Answer, ApiError, spawned};

/// An error that is not `Send`.
#[derive(Debug)]
struct Local(Rc<str>);

impl From<resilience::Error> for Local {
    fn from(error: resilience::Error) -> Self {
        Self(error.to_string().into())
    }
}

// #[attribute]
async fn error_is_not_send(fails: bool) -> Result<u32, Local> {
    ready(()).await;
    if fails { Err(Local("no".into())) } else { Ok(1) }
}

// #[attribute]
async fn ok_is_not_send(count: u32) -> Answer<Rc<u32>> {
    ready(()).await;
    Ok(Rc::new(count))
}

// #[attribute]
async fn neither_is_send(fails: bool) -> Result<Rc<u32>, Local> {
    ready(()).await;
    if fails { Err(Local("no".into())) } else { Ok(Rc::new(1)) }
}

// #[attribute]
async fn guard_for_a_value(count: &Mutex<u32>) -> Answer<MutexGuard<'_, u32>> {
    ready(()).await;
    count.lock().map_err(|error| ApiError::Text(error.to_string()))
}

// #[attribute]
async fn not_send_between_awaits(count: u32) -> Answer<u32> {
    let sum = {
        let local = Rc::new(Cell::new(count));
        local.set(local.get() + 1);
        local.get()
    };
    ready(()).await;
    Ok(sum)
}

// #[attribute] clone(cell)
async fn cell(cell: Cell<u32>) -> Answer<u32> {
    cell.set(cell.get() + 1);
    ready(()).await;
    Ok(cell.get())
}

// #[attribute] clone(list)
async fn ref_cell(list: RefCell<Vec<u32>>) -> Answer<usize> {
    ready(()).await;
    list.borrow_mut().push(1);
    Ok(list.into_inner().len())
}

// #[attribute] clone(value)
async fn generic_and_not_sync<T: Display + Clone + Send>(value: T) -> Answer<String> {
    ready(()).await;
    Ok(value.to_string())
}

// #[attribute] once
async fn generic_and_neither_sync_nor_clone<T: Display + Send>(value: T) -> Answer<String> {
    ready(()).await;
    Ok(value.to_string())
}

// #[attribute] clone(mutable)
async fn mutable_and_not_sync(mut mutable: Option<Cell<u32>>) -> Answer<Option<u32>> {
    let before = mutable.replace(Cell::new(1));
    ready(()).await;
    Ok(before.map(Cell::into_inner))
}

// #[attribute]
async fn mutable_reference_to_what_is_not_sync(cell: &mut Cell<u32>) -> Answer<u32> {
    *cell.get_mut() += 1;
    ready(()).await;
    Ok(cell.get())
}

/// A type whose methods consume a value that is `Send` and not `Sync`.
#[derive(Clone, Default)]
struct NotSync(PhantomData<Cell<u32>>);

impl NotSync {
    // #[attribute] once
    async fn owned(self) -> Answer<u32> {
        ready(()).await;
        let _: &Self = &self;
        Ok(1)
    }

    // #[attribute]
    async fn exclusive(&mut self) -> Answer<u32> {
        ready(()).await;
        self.0 = PhantomData;
        Ok(1)
    }
}

// #[attribute]
#[allow(clippy::future_not_send)]
async fn shared_on_one_thread(shared: Rc<RefCell<Vec<u32>>>) -> Answer<usize> {
    shared.borrow_mut().push(1);
    let own = Rc::clone(&shared);
    ready(()).await;
    let length = own.borrow().len();
    Ok(length)
}

/// A type that is not `Send`.
struct Screen(Rc<Cell<u32>>);

impl Screen {
    // #[attribute]
    #[allow(clippy::future_not_send)]
    async fn draw(&self, text: &str) -> Answer<usize> {
        self.0.set(self.0.get() + 1);
        ready(()).await;
        Ok(text.len())
    }
}

#[tokio::test(start_paused = true)]
async fn sent_to_another_thread() {
    spawned(async { assert!(error_is_not_send(true).await.is_err_and(|error| &*error.0 == "no")) })
        .await;
    spawned(async { assert_eq!(ok_is_not_send(1).await.ok().as_deref(), Some(&1)) }).await;
    spawned(async { assert!(neither_is_send(false).await.is_ok_and(|count| *count == 1)) }).await;
    spawned(async {
        let count = Mutex::new(1);
        let value = *guard_for_a_value(&count).await.unwrap();
        assert_eq!(value, *count.lock().unwrap_or_else(PoisonError::into_inner));
    })
    .await;
    assert_eq!(spawned(not_send_between_awaits(1)).await.unwrap(), 2);
    assert_eq!(spawned(cell(Cell::new(1))).await.unwrap(), 2);
    assert_eq!(spawned(ref_cell(RefCell::default())).await.unwrap(), 1);
    assert_eq!(spawned(generic_and_not_sync('a')).await.unwrap(), "a");
    assert_eq!(spawned(generic_and_neither_sync_nor_clone('a')).await.unwrap(), "a");
    assert_eq!(spawned(mutable_and_not_sync(Some(Cell::new(2)))).await.unwrap(), Some(2));
    spawned(async {
        let mut cell = Cell::new(1);
        assert_eq!(mutable_reference_to_what_is_not_sync(&mut cell).await.unwrap(), 2);
    })
    .await;
    assert_eq!(spawned(NotSync::default().owned()).await.unwrap(), 1);
    spawned(async { assert_eq!(NotSync::default().exclusive().await.unwrap(), 1) }).await;
}

#[tokio::test(start_paused = true)]
async fn on_one_thread() {
    let shared = Rc::new(RefCell::new(Vec::new()));
    let screen = Screen(Rc::default());
    let local = tokio::task::LocalSet::new();
    let on_another_task = local.spawn_local(shared_on_one_thread(Rc::clone(&shared)));
    let length = local.run_until(async {
        screen.draw("abc").await.unwrap() + on_another_task.await.unwrap().unwrap()
    });
    assert_eq!(length.await, 4);
    assert_eq!((screen.0.get(), shared.borrow().len()), (1, 1));
}
