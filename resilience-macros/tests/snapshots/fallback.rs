// #[fallback(queue_for_later)]
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
        AnnotatedFunction::new(& FUNCTION, & [Layer::new(Listed::Fallback)])
    }
    let call = FUNCTION.call();
    let answered;
    let result = 'answered_0_0: {
        discard({
            let result = {
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
            };
            match result {
                Ok(value) => {
                    answered = CallOutcome::Success;
                    break 'answered_0_0 Ok(value);
                }
                Err(
                    error,
                ) if {
                    use {Classified as _, Searched as _, Unclassified as _};
                    (&&ClassProbe(&error)).resilience_is_passed_on()
                } => {
                    answered = CallOutcome::Success;
                    break 'answered_0_0 Err(error);
                }
                Err(error) => {
                    answered = fallback_used(
                        &FUNCTION,
                        CallOutcome::of({
                            use {Classified as _, Searched as _, Unclassified as _};
                            (&&ClassProbe(&error)).resilience_class()
                        }),
                        {
                            use {Debugged as _, Displayed as _, Untold as _};
                            (&&CauseProbe(&error)).resilience_cause()
                        },
                    );
                    resilience::Failure::Function(error)
                }
            }
        });
        {
            let output = body(async {
                    if false {
                        let output: Result<Receipt, ApiError> = loop {};
                        return output;
                    }
                    return queue_for_later(order).await;
                })
                .await;
            resilience::AnyResult::into_result(output)
        }
    };
    let result = match result {
        Ok(value) => {
            call.end(answered);
            Ok(value)
        }
        Err(error) => {
            call.fail(
                CallOutcome::of({
                        use {Classified as _, Searched as _, Unclassified as _};
                        (&&ClassProbe(&error)).resilience_class()
                    })
                    .after(answered),
            );
            Err(error)
        }
    };
    {
        let output = result;
        resilience::AnyResult::from_result(output)
    }
}
