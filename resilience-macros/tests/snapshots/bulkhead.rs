// #[bulkhead(max_concurrent = 5)]
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
        AnnotatedFunction::new(& FUNCTION, & [Layer::new(Listed::OwnBulkhead(policy_0))])
    }
    fn policy_0() -> &'static resilience::Bulkhead {
        static BULKHEAD: resilience::Bulkhead = {
            let own = resilience::Bulkhead::new(concat!(module_path!(), "::", "charge"));
            let own = own.max_concurrent(5);
            own
        };
        &BULKHEAD
    }
    let call = FUNCTION.call();
    let result = 'entered_0: {
        let mut permit = try_acquire(policy_0());
        if option::Option::is_none(&permit) {
            match acquire(policy_0(), &FUNCTION).await {
                Ok(acquired) => {
                    permit = Some(acquired);
                }
                Err(error) => {
                    break 'entered_0 Err(resilience::Failure::Policy(error));
                }
            }
        }
        let result = Result::map_err(
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
        );
        discard(permit);
        result
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
            resilience::FromBulkheadError::from_failure,
        );
        resilience::AnyResult::from_result(output)
    }
}
