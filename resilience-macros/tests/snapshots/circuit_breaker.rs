// #[circuit_breaker(PAYMENT)]
// async fn charge(order: &Order) -> Result<Receipt, ApiError> {
//     send(order).await
// }

async fn charge(order: &Order) -> Result<Receipt, ApiError> {
    static FUNCTION: Function = Function::new(
        concat!(module_path!(), "::", "charge"),
        file!(),
        line!(),
    );
    register! {
        AnnotatedFunction::new(& FUNCTION, &
        [Layer::new(Listed::CircuitBreaker(policy_0))])
    }
    fn policy_0() -> &'static resilience::CircuitBreaker {
        let value = to_static(&PAYMENT);
        let reference: &'static resilience::CircuitBreaker = {
            let value = value;
            value
        };
        reference
    }
    let call = FUNCTION.call();
    let result = 'admitted_0: {
        let mut admission = admission(policy_0());
        if let Err(error) = admission.enter(&FUNCTION) {
            break 'admitted_0 Err(resilience::Failure::Policy(error));
        }
        match Result::map_err(
            {
                let output = body(async move {
                        if false {
                            let output: Result<Receipt, ApiError> = loop {};
                            return output;
                        }
                        match () {
                            () => send(order).await,
                        }
                    })
                    .await;
                resilience::AnyResult::into_result(output)
            },
            resilience::Failure::Function,
        ) {
            Ok(value) => {
                admission.record(Verdict::Success, Cause::UNKNOWN);
                Ok(value)
            }
            Err(error) => {
                admission
                    .record(
                        Verdict::of(
                            match &error {
                                resilience::Failure::Function(error) => {
                                    use {Classified as _, Searched as _, Unclassified as _};
                                    (&&ClassProbe(error)).resilience_class()
                                }
                                resilience::Failure::Policy(error) => {
                                    resilience::Classify::classify(error)
                                }
                            },
                        ),
                        match &error {
                            resilience::Failure::Function(error) => {
                                use {Debugged as _, Displayed as _, Untold as _};
                                (&&CauseProbe(error)).resilience_cause()
                            }
                            resilience::Failure::Policy(error) => Cause::display(error),
                        },
                    );
                Err(error)
            }
        }
    };
    let result = match result {
        Ok(value) => {
            call.end(CallOutcome::Success);
            Ok(value)
        }
        Err(error) => {
            call.fail(
                match &error {
                    resilience::Failure::Function(error) => {
                        CallOutcome::of({
                            use {Classified as _, Searched as _, Unclassified as _};
                            (&&ClassProbe(error)).resilience_class()
                        })
                    }
                    resilience::Failure::Policy(error) => CallOutcome::of_policy(error),
                },
            );
            Err(error)
        }
    };
    {
        let output = Result::map_err(
            result,
            resilience::FromCircuitBreakerError::from_failure,
        );
        resilience::AnyResult::from_result(output)
    }
}
