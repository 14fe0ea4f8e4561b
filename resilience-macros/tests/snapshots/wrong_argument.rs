// #[retry(max_atempts = 3, when = is_busy)]
// #[timeout(800ms)]
// async fn charge(order: &Order) -> Result<Receipt, ApiError> {
//     send(order).await
// }

async fn charge(order: &Order) -> Result<Receipt, ApiError> {
    #[timeout(policy_used)]
    const _: () = ();
    if false {
        compile_error! {
            "`#[retry]` has no argument `max_atempts`: did you mean `max_attempts`?"
        }
        let _ = &(is_busy);
    }
    send(order).await
}
