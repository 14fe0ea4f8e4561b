use resilience::Classify;

#[derive(Classify)]
pub enum ApiError {
    #[classify(with)]
    Which(u16),
    #[classify(with = "by_status")]
    InQuotes(u16),
    #[classify(with = |status| by_status(status))]
    Closure(u16),
    #[classify(with = by_status(3))]
    Call(u16),
    #[classify(with = by_status)]
    NothingToAskAbout,
}

fn by_status(status: &u16) -> resilience::Class {
    if *status < 500 { resilience::Class::Ignored } else { resilience::Class::Transient }
}

fn main() {
    by_status(&500);
}
