use resilience::Classify;

#[derive(Classify)]
#[classify(delegate)]
pub enum DelegateOnAll {
    One(std::io::Error),
}

#[derive(Classify)]
#[classify(transient, retry_after = wait)]
pub enum RetryAfterOnAll {
    One { wait: std::time::Duration },
}

#[derive(Classify)]
pub enum CrateOnOne {
    #[classify(ignored, crate = ::resilience)]
    One,
}

#[derive(Classify)]
#[classify(permanent, crate = "resilience")]
pub struct CrateInQuotes;

#[derive(Classify)]
#[classify(crate, ignored)]
pub struct CrateOfNoName;

#[derive(Classify)]
pub union Bits {
    pub integer: u32,
    pub float: f32,
}

fn main() {}
