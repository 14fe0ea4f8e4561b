use resilience::{Class, Classify};
use std::time::Duration;

#[derive(Classify)]
pub enum ApiError {
    #[classify(transient, permanent)]
    Both,
    #[classify(ignored, ignored)]
    Twice,
    #[classify(delegate)]
    #[classify(with = class_of)]
    TwoAsked(Box<ApiError>),
    #[classify(permanent, retry_after = wait)]
    Never { wait: Duration },
    #[classify(retry_after = 0)]
    NoClass(Duration),
    #[classify(delegate, retry_after = 0)]
    OfTheField(Box<ApiError>),
    #[classify(transient, retry_after = 0, retry_after = 1)]
    TwoFields(Duration, Duration),
}

fn class_of(_: &ApiError) -> Class {
    Class::Transient
}

fn main() {}
