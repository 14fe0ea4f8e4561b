//! Names of the user that are also names of the prelude, of the standard library, or ours.

use self::own::{
    Called, Tristate, generics, glob, hides_itself, letters, tristate, without_a_prelude,
};
use crate::spawned;

mod own {
    #![allow(dead_code, unused_macros)]

    #[allow(unused_imports)]
    use ::resilience::{
        bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout,
    };

    use self::Tristate::*;

    mod core {}
    mod std {}
    mod alloc {}
    mod resilience {}
    mod tokio {}

    /// An enum whose variants hide those of `Result` and `Option`.
    #[derive(Debug, PartialEq, Eq)]
    pub(super) enum Tristate {
        Ok,
        Err,
        Some,
        None,
    }

    struct Box;
    struct Pin;
    struct Option;
    struct Duration;
    struct String;
    struct Vec;
    struct Function;
    struct Failure;
    struct CircuitBreaker;
    struct Bulkhead;
    struct Policy;
    trait Send {}
    trait Sync {}
    trait Future {}
    trait Clone {}
    trait From {}
    trait Into {}
    trait Fn {}
    trait Drop {}
    trait Default {}

    type Result<T> = ::std::result::Result<T, ::resilience::Error>;

    const fn drop() {}
    const fn given() {}
    const fn output() {}
    const fn attempt() {}

    /// A type whose methods have the names of ours.
    pub(super) struct Called;

    impl Called {
        // #[attribute]
        pub(super) async fn end(self, into_result: u32) -> Result<u32> {
            Result::Ok(into_result)
        }

        // #[attribute]
        pub(super) async fn resilience_class(&self) -> Result<u32> {
            Result::Ok(1)
        }
    }

    macro_rules! panic {
        () => {};
    }
    macro_rules! concat {
        () => {};
    }
    macro_rules! matches {
        () => {};
    }

    // #[attribute]
    pub(super) async fn tristate(ok: bool) -> Result<Tristate> {
        if !ok {
            return Result::Ok(None);
        }
        Result::Ok(if ok { Ok } else { Err })
    }

    /// An argument with the name of one of the module's items.
    // #[attribute]
    pub(super) async fn hides_itself(hides_itself: u32) -> Result<u32> {
        Result::Ok(hides_itself)
    }

    /// Generics with the names of the prelude and of ours.
    // #[attribute]
    pub(super) async fn generics<E, Failure: ::core::marker::Sync, Result: ::core::marker::Sync>(
        _failure: &Failure,
        result: Result,
    ) -> ::core::result::Result<usize, ::resilience::Error> {
        ::core::result::Result::Ok(::core::mem::size_of_val(&result) + ::core::mem::size_of::<E>())
    }

    /// `T`, `E` and `F` are the usual names of type parameters.
    // #[attribute]
    pub(super) async fn letters<T, E, F>(t: &T, e: &E, f: &F) -> Result<usize>
    where
        T: ::core::marker::Sync,
        E: ::core::marker::Sync,
        F: ::core::marker::Sync,
    {
        let _ = (t, e);
        Result::Ok(::core::mem::size_of_val(f))
    }

    pub(super) mod glob {
        #![allow(clippy::enum_glob_use)]

        #[allow(unused_imports)]
        use ::resilience::{
            bulkhead, circuit_breaker, fallback, rate_limiter, resilient, retry, timeout,
        };

        use super::Tristate::{self, *};

        type Error = ::resilience::Error;

        // #[attribute]
        pub(in super::super) async fn glob() -> ::core::result::Result<Tristate, Error> {
            ::core::result::Result::Ok(Some)
        }
    }

    pub(super) mod without_a_prelude {
        #![allow(clippy::wildcard_imports)]
        // Glob imports of names that the prelude also has.
        use super::*;

        // #[attribute]
        pub(in super::super) async fn wild() -> Result<Tristate> {
            Result::Ok(Err)
        }
    }
}

#[tokio::test(start_paused = true)]
async fn names_of_the_users_own() {
    spawned(async {
        assert_eq!(tristate(true).await.unwrap(), Tristate::Ok);
        assert_eq!(tristate(false).await.unwrap(), Tristate::None);
        assert_eq!(Called.end(1).await.unwrap(), 1);
        assert_eq!(Called.resilience_class().await.unwrap(), 1);
        assert_eq!(hides_itself(1).await.unwrap(), 1);
        assert_eq!(generics::<u8, _, _>(&1, 2_u8).await.unwrap(), 2);
        assert_eq!(letters(&1, &2, &3_u8).await.unwrap(), 1);
        assert_eq!(glob::glob().await.unwrap(), Tristate::Some);
        assert_eq!(without_a_prelude::wild().await.unwrap(), Tristate::Err);
    })
    .await;
}
