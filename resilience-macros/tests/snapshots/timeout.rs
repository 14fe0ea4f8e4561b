// #[timeout(800ms)]
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
        AnnotatedFunction::new(& FUNCTION, & [Layer::new(Listed::Timeout(policy_0))])
    }
    fn policy_0() -> &'static FixedLimit {
        static LIMIT: FixedLimit = FixedLimit::new(
            time::Duration::new(0u64, 800000000u32),
            false,
        );
        &LIMIT
    }
    let call = FUNCTION.call();
    let result = {
        let limit = limit(policy_0());
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
        let output = Result::map_err(result, resilience::FromTimeoutError::from_failure);
        resilience::AnyResult::from_result(output)
    }
}
