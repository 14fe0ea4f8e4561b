use resilience::Classify;
use std::time::Duration;

#[derive(Classify)]
pub enum ApiError {
    #[classify(transient, retry_after = wiat)]
    Misspelt { wait: Duration },
    #[classify(transient, retry_after = delay)]
    Unknown { status: u16, wait: Duration },
    #[classify(transient, retry_after = wait)]
    Unnamed(Duration),
    #[classify(transient, retry_after = 2)]
    Beyond(u16, Duration),
    #[classify(transient, retry_after = wait)]
    NoFields,
    #[classify(transient, retry_after)]
    Which { wait: Duration },
    #[classify(transient, retry_after(wait))]
    InParentheses { wait: Duration },
    #[classify(transient, retry_after = "wait")]
    InQuotes { wait: Duration },
    #[classify(transient, retry_after = 5s)]
    Always,
    #[classify(transient, retry_after = self.wait)]
    Expression { wait: Duration },
    #[classify(delegate)]
    NobodyToAsk,
    #[classify(delegate)]
    TwoToAsk(std::io::Error, u32),
    Field {
        #[classify(transient)]
        source: std::io::Error,
    },
}

fn main() {}
