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
        let value = &PAYMENT;
        let reference: &'static resilience::CircuitBreaker = {
            let value = value;
            value
        };
        reference
    }
    let call = FUNCTION.call();
    {
        let output = call
            .end(
                Result::map_err(
                    'admitted_0: {
                        let mut admission = admission(policy_0());
                        if let Err(error) = admission.enter(&FUNCTION) {
                            break 'admitted_0 Err(resilience::Failure::Policy(error));
                        }
                        let result = Result::map_err(
                            {
                                let output = async move {
                                    if false {
                                        let output: Result<Receipt, ApiError> = loop {};
                                        return output;
                                    }
                                    '_body: { send(order).await }
                                }
                                    .await;
                                resilience::AnyResult::into_result(output)
                            },
                            resilience::Failure::Function,
                        );
                        admission
                            .record(
                                match &result {
                                    Ok(_) => Verdict::Success,
                                    Err(resilience::Failure::Function(error)) => {
                                        Verdict::of({
                                            use {Classified as _, Unclassified as _};
                                            (&ClassProbe(error)).resilience_class()
                                        })
                                    }
                                    Err(resilience::Failure::Policy(error)) => {
                                        Verdict::of(resilience::Classify::classify(error))
                                    }
                                },
                            );
                        result
                    },
                    resilience::needed_by_circuit_breaker::From::from_failure,
                ),
            );
        resilience::AnyResult::from_result(output)
    }
}
