//! Arguments of a retried body that look consumed and are not: each attempt has them.
#![deny(warnings)]
#![allow(clippy::unused_async, reason = "small bodies that need not wait")]

use resilience::retry;

type Answer<T> = Result<T, String>;

#[derive(Clone, Copy)]
struct Money(u32);

type Buffer<'b> = &'b mut Vec<u32>;

fn amount(money: Money) -> u32 {
    money.0
}

fn push(buffer: Buffer<'_>, number: u32) -> u32 {
    buffer.push(number);
    number
}

fn sum(numbers: Vec<u32>) -> u32 {
    numbers.into_iter().sum()
}

/// Succeeds at the third attempt.
fn third(attempts: &std::cell::Cell<u32>) -> Answer<()> {
    attempts.set(attempts.get() + 1);
    if attempts.get() == 3 { Ok(()) } else { Err("not yet".to_owned()) }
}

macro_rules! shadowed {
    ($name:ident) => {
        let $name = $name.clone();
    };
}

#[retry(base_delay = 1ms)]
async fn copied(money: Money, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    third(attempts)?;
    Ok(amount(money))
}

#[retry(base_delay = 1ms)]
async fn generic<T: Copy + Into<u32>>(number: T, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    third(attempts)?;
    let mine = number;
    Ok(u32::from(true) * mine.into())
}

#[retry(base_delay = 1ms)]
async fn reborrowed(buffer: Buffer<'_>, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    let pushed = push(buffer, 7);
    third(attempts)?;
    Ok(pushed)
}

#[retry(base_delay = 1ms)]
async fn bound_again(numbers: Vec<u32>, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    let numbers = numbers.clone();
    third(attempts)?;
    Ok(sum(numbers))
}

#[retry(base_delay = 1ms)]
async fn bound_by_a_pattern(numbers: Vec<u32>, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    third(attempts)?;
    if let Some(numbers) = Some(&numbers).cloned() { Ok(sum(numbers)) } else { Ok(0) }
}

#[retry(base_delay = 1ms)]
async fn bound_by_a_closure(numbers: Vec<u32>, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    third(attempts)?;
    let first = |_: u32, numbers: Vec<u32>| sum(numbers);
    Ok(Some(&numbers).cloned().map_or(0, |numbers| first(1, numbers)))
}

#[retry(base_delay = 1ms)]
async fn bound_by_a_macro(numbers: Vec<u32>, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    shadowed!(numbers);
    third(attempts)?;
    Ok(sum(numbers))
}

#[retry(base_delay = 1ms)]
async fn in_no_build(numbers: Vec<u32>, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    third(attempts)?;
    #[cfg(any())]
    drop(sum(numbers));
    Ok(numbers.iter().sum())
}

struct Order {
    count: u32,
    _id: String,
}

#[retry(base_delay = 1ms)]
async fn parts_are_copied(order: Order, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    third(attempts)?;
    let _ = order;
    let Order { count, .. } = order;
    let mine = order.count;
    let show = move || format!("{}", order.count);
    let shown = show();
    Ok(count + amount(Money(order.count)) - mine + shown.parse::<u32>().map_or(0, |_| 0))
}

#[retry(base_delay = 1ms, clone(numbers))]
async fn cloned(numbers: Vec<u32>, attempts: &std::cell::Cell<u32>) -> Answer<u32> {
    third(attempts)?;
    Ok(sum(numbers))
}

#[tokio::test(start_paused = true)]
async fn an_argument_that_only_looks_consumed_is_there_for_each_attempt() {
    let attempts = std::cell::Cell::default();
    let again = || {
        attempts.set(0);
        &attempts
    };
    assert_eq!(copied(Money(7), again()).await, Ok(7));
    assert_eq!(generic(7_u32, again()).await, Ok(7));
    let mut buffer = Vec::new();
    assert_eq!(reborrowed(&mut buffer, again()).await, Ok(7));
    assert_eq!(buffer, [7; 3]);
    assert_eq!(bound_again(vec![3, 4], again()).await, Ok(7));
    assert_eq!(bound_by_a_pattern(vec![3, 4], again()).await, Ok(7));
    assert_eq!(bound_by_a_closure(vec![3, 4], again()).await, Ok(7));
    assert_eq!(bound_by_a_macro(vec![3, 4], again()).await, Ok(7));
    assert_eq!(in_no_build(vec![3, 4], again()).await, Ok(7));
    let order = Order { count: 7, _id: String::new() };
    assert_eq!(parts_are_copied(order, again()).await, Ok(7));
    assert_eq!(cloned(vec![3, 4], again()).await, Ok(7));
}
