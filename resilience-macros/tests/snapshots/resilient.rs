// #[resilient(PAYMENT, value = Receipt::none())]
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
        AnnotatedFunction::new(& FUNCTION, & [Layer::new(Listed::Fallback),
        Layer::new(Listed::Resilient(policy))])
    }
    fn policy() -> &'static resilience::Policy {
        let value = to_static(&PAYMENT);
        let reference: &'static resilience::Policy = {
            let value = value;
            value
        };
        reference
    }
    let call = FUNCTION.call();
    let answered;
    let result = 'answered_0_0: {
        let failure = {
            let result = 'entered_1: {
                let mut permit = try_acquire(policy());
                if option::Option::is_none(&permit) {
                    match acquire(policy(), &FUNCTION).await {
                        Ok(acquired) => {
                            permit = Some(acquired);
                        }
                        Err(error) => {
                            break 'entered_1 Err(resilience::Failure::Policy(error));
                        }
                    }
                }
                let result = 'admitted_2: {
                    let mut admission = admission(policy());
                    if let Err(error) = admission.enter(&FUNCTION) {
                        break 'admitted_2 Err(resilience::Failure::Policy(error));
                    }
                    match {
                        let mut state = RetryState::new(retry(policy()));
                        loop {
                            let delay = {
                                let result = {
                                    let output = attempt(
                                            policy(),
                                            &state,
                                            &FUNCTION,
                                            async move {
                                                'rejected_4: {
                                                    let cost = 1_u32;
                                                    if !take_turn(policy(), cost) {
                                                        if let Err(error) = wait_for_turn(policy(), &FUNCTION, cost)
                                                            .await
                                                        {
                                                            break 'rejected_4 Err(resilience::Failure::Policy(error));
                                                        }
                                                    }
                                                    let result = {
                                                        let limit = limit(policy());
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
                                                    };
                                                    if let Err(failure) = &result {
                                                        obey(
                                                            policy(),
                                                            match failure {
                                                                resilience::Failure::Function(error) => {
                                                                    use {Classified as _, Searched as _, Unclassified as _};
                                                                    (&&ClassProbe(error)).resilience_class()
                                                                }
                                                                resilience::Failure::Policy(error) => {
                                                                    resilience::Classify::classify(error)
                                                                }
                                                            },
                                                        );
                                                    }
                                                    result
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
                                match state.failed(retry(policy()), &FUNCTION, class, cause)
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
        };
        instead_of(failure, Ok { 0: Receipt::none() })
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
