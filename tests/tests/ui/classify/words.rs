use resilience::Classify;

#[derive(Classify)]
pub enum ApiError {
    #[classify(transiant)]
    Misspelt,
    #[classify(temporary)]
    Foreign,
    #[classify]
    Bare,
    #[classify()]
    Empty,
    #[classify = "transient"]
    Assigned,
    #[classify("transient")]
    InQuotes,
    #[classify(transient permanent)]
    NoComma,
    #[classify(transient | permanent)]
    Two,
    #[classify(retryable | transparent)]
    TwoForeign(resilience::Error),
    #[classify(ignored = true)]
    Value,
}

fn main() {}
