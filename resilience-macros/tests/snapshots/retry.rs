// #[retry(max_attempts = 3, base_delay = 100ms)]
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
        [Layer::new(Listed::OwnRetry(policy_retry))])
    }
    fn policy_retry() -> &'static resilience::RetryPolicy {
        static RETRY_POLICY: resilience::RetryPolicy = {
            let own = resilience::RetryPolicy::new(
                concat!(module_path!(), "::", "charge"),
            );
            let own = own.max_attempts(3);
            let own = own.base_delay(time::Duration::new(0u64, 100000000u32));
            own
        };
        &RETRY_POLICY
    }
    let call = FUNCTION.call();
    let result = {
        let mut state = RetryState::new(retry(policy_retry()));
        loop {
            let delay = {
                let result = {
                    let output = attempt(
                            policy_retry(),
                            &state,
                            &FUNCTION,
                            body(async move {
                                if false {
                                    let output: Result<Receipt, ApiError> = loop {};
                                    return output;
                                }
                                match () {
                                    () => send(order).await,
                                }
                            }),
                        )
                        .await;
                    {
                        let output = output;
                        resilience::AnyResult::into_result(output)
                    }
                };
                let class = match &result {
                    Ok(_) => break result,
                    Err(error) => {
                        use {Classified as _, Searched as _, Unclassified as _};
                        (&&ClassProbe(error)).resilience_class()
                    }
                };
                let cause = match &result {
                    Ok(_) => Cause::UNKNOWN,
                    Err(error) => {
                        use {Debugged as _, Displayed as _, Untold as _};
                        (&&CauseProbe(error)).resilience_cause()
                    }
                };
                match state.failed(retry(policy_retry()), &FUNCTION, class, cause) {
                    NextStep::Stop => break result,
                    NextStep::Retry(delay) => delay,
                }
            };
            backoff_sleep(delay).await;
            state.again(&FUNCTION);
        }
    };
    let result = match result {
        Ok(value) => {
            call.end(CallOutcome::Success);
            Ok(value)
        }
        Err(error) => {
            call.fail(
                CallOutcome::of({
                    use {Classified as _, Searched as _, Unclassified as _};
                    (&&ClassProbe(&error)).resilience_class()
                }),
            );
            Err(error)
        }
    };
    {
        let output = result;
        resilience::AnyResult::from_result(output)
    }
}
