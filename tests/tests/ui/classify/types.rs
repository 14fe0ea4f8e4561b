use resilience::{Class, Classify};

#[derive(Classify)]
pub enum ApiError {
    #[classify(transient, retry_after = seconds)]
    NoDuration { seconds: u64 },
    #[classify(delegate)]
    NotClassify(Vec<u8>),
    #[classify(with = by_status)]
    OtherField(String),
    #[classify(with = is_transient)]
    OtherAnswer(u16),
    #[classify(with = by_status)]
    OneTooMany(u16, u16),
    #[classify(with = by_statsu)]
    Misspelt(u16),
}

fn by_status(status: &u16) -> Class {
    if *status < 500 { Class::Ignored } else { Class::Transient }
}

fn is_transient(status: &u16) -> bool {
    *status >= 500
}

#[derive(Classify)]
#[classify(with = by_status)]
pub struct Whole(u16);

#[derive(Classify)]
#[classify(delegate)]
pub struct Generic<T>(T);

fn asks<E: Classify>() {}

fn main() {
    asks::<Generic<Vec<u8>>>();
}
