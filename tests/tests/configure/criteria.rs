//! The criteria at which a breaker opens, of a file and of the code.

use resilience::State;
use resilience::limits::Origin;
use resilience_tests::{documented_criteria, outcome};

use crate::file::{alone, configure};
use crate::program::EVERY;

/// Whatever the code declares: each of its criteria would open the breaker at the first failure, or
/// at the first slow call.
#[tokio::test(start_paused = true)]
async fn the_criteria_of_a_file_replace_those_of_the_code_as_a_set() {
    let _alone = alone().await;
    for row in documented_criteria() {
        let criteria = row.criteria.to_toml();
        if criteria.is_empty() {
            continue;
        }
        configure(&format!("[circuit_breaker.every]\n{criteria}"));
        let in_force: Vec<_> =
            EVERY.limits().iter().map(|limit| (limit.name(), limit.origin())).collect();
        for name in row.criteria.names() {
            assert!(in_force.contains(&(name, Origin::File)), "{name}: {in_force:?}");
        }
        for (scenario, expected) in row.scenarios {
            EVERY.reset();
            assert_eq!(outcome(&EVERY, scenario).await, expected, "{scenario}:\n{criteria}");
        }
        EVERY.reset();
    }
}

#[tokio::test(start_paused = true)]
async fn a_file_without_criteria_leaves_those_of_the_code() {
    let _alone = alone().await;
    configure("[circuit_breaker.every]\nopen_for = '9s'");
    EVERY.admit().expect("closed").failure();
    assert_eq!(EVERY.state(), State::Open);
    EVERY.reset();
}
