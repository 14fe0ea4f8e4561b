// #[fallback(queue_for_later)]
// #[bulkhead(PAYMENT_POOL)]
// #[circuit_breaker(PAYMENT)]
// #[retry(max_attempts = 3, base_delay = 100ms, max_delay = 2s)]
// #[timeout(800ms)]
// async fn charge(order: &Order) -> Result<Receipt, ApiError> {
//     send(order).await
// }

async fn charge(order: &Order) -> Result<Receipt, ApiError> {
    #[bulkhead(policy_used)]
    const _: () = ();
    #[circuit_breaker(policy_used)]
    const _: () = ();
    #[retry(policy_used)]
    const _: () = ();
    #[timeout(policy_used)]
    const _: () = ();
    static FUNCTION: Function = Function::new(
        concat!(module_path!(), "::", "charge"),
        file!(),
        line!(),
    );
    register! {
        AnnotatedFunction::new(& FUNCTION, & [Layer::new(Listed::Fallback),
        Layer::new(Listed::Bulkhead(policy_1)),
        Layer::new(Listed::CircuitBreaker(policy_2)),
        Layer::new(Listed::OwnRetry(policy_retry)),
        Layer::new(Listed::Timeout(policy_4))])
    }
    fn policy_4() -> &'static FixedLimit {
        static LIMIT: FixedLimit = FixedLimit::new(
            time::Duration::new(0u64, 800000000u32),
            false,
        );
        &LIMIT
    }
    fn policy_retry() -> &'static resilience::RetryPolicy {
        static RETRY_POLICY: resilience::RetryPolicy = {
            let own = resilience::RetryPolicy::new(
                concat!(module_path!(), "::", "charge"),
            );
            let own = own.max_attempts(3);
            let own = own.base_delay(time::Duration::new(0u64, 100000000u32));
            let own = own.max_delay(time::Duration::new(2u64, 0u32));
            own
        };
        &RETRY_POLICY
    }
    fn policy_2() -> &'static resilience::CircuitBreaker {
        let value = to_static(&PAYMENT);
        let reference: &'static resilience::CircuitBreaker = {
            let value = value;
            value
        };
        reference
    }
    fn policy_1() -> &'static resilience::Bulkhead {
        let value = to_static(&PAYMENT_POOL);
        let reference: &'static resilience::Bulkhead = {
            let value = value;
            value
        };
        reference
    }
    let call = FUNCTION.call();
    let answered;
    let result = 'answered_0_0: {
        discard({
            let result = 'entered_1: {
                let mut permit = try_acquire(policy_1());
                if option::Option::is_none(&permit) {
                    match acquire(policy_1(), &FUNCTION).await {
                        Ok(acquired) => {
                            permit = Some(acquired);
                        }
                        Err(error) => {
                            break 'entered_1 Err(resilience::Failure::Policy(error));
                        }
                    }
                }
                let result = 'admitted_2: {
                    let mut admission = admission(policy_2());
                    if let Err(error) = admission.enter(&FUNCTION) {
                        break 'admitted_2 Err(resilience::Failure::Policy(error));
                    }
                    match {
                        let mut state = RetryState::new(retry(policy_retry()));
                        loop {
                            let delay = {
                                let result = {
                                    let output = attempt(
                                            policy_retry(),
                                            &state,
                                            &FUNCTION,
                                            async move {
                                                {
                                                    let limit = limit(policy_4());
                                                    match timeout(
                                                            limit,
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
                                                        .await
                                                    {
                                                        Ok(output) => {
                                                            let result = Result::map_err(
                                                                {
                                                                    let output = output;
                                                                    resilience::AnyResult::into_result(output)
                                                                },
                                                                resilience::Failure::Function,
                                                            );
                                                            result
                                                        }
                                                        Err(error) => Err(resilience::Failure::Policy(error)),
                                                    }
                                                }
                                            },
                                        )
                                        .await;
                                    output
                                };
                                let class = match &result {
                                    Ok(_) => break result,
                                    Err(resilience::Failure::Function(error)) => {
                                        use {Classified as _, Searched as _, Unclassified as _};
                                        (&&ClassProbe(error)).resilience_class()
                                    }
                                    Err(resilience::Failure::Policy(error)) => {
                                        resilience::Classify::classify(error)
                                    }
                                };
                                let cause = match &result {
                                    Ok(_) => Cause::UNKNOWN,
                                    Err(error) => {
                                        match error {
                                            resilience::Failure::Function(error) => {
                                                use {Debugged as _, Displayed as _, Untold as _};
                                                (&&CauseProbe(error)).resilience_cause()
                                            }
                                            resilience::Failure::Policy(error) => Cause::display(error),
                                        }
                                    }
                                };
                                match state
                                    .failed(retry(policy_retry()), &FUNCTION, class, cause)
                                {
                                    NextStep::Stop => break result,
                                    NextStep::Retry(delay) => delay,
                                }
                            };
                            backoff_sleep(delay).await;
                            state.again(&FUNCTION);
                        }
                    } {
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
                discard(permit);
                result
            };
            match result {
                Ok(value) => {
                    answered = CallOutcome::Success;
                    break 'answered_0_0 Ok(value);
                }
                Err(
                    resilience::Failure::Function(error),
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
                        match &error {
                            resilience::Failure::Function(error) => {
                                CallOutcome::of({
                                    use {Classified as _, Searched as _, Unclassified as _};
                                    (&&ClassProbe(error)).resilience_class()
                                })
                            }
                            resilience::Failure::Policy(error) => {
                                CallOutcome::of_policy(error)
                            }
                        },
                        match &error {
                            resilience::Failure::Function(error) => {
                                use {Debugged as _, Displayed as _, Untold as _};
                                (&&CauseProbe(error)).resilience_cause()
                            }
                            resilience::Failure::Policy(error) => Cause::display(error),
                        },
                    );
                    error
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
