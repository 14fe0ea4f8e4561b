//! Methods of features that are off: a call of one is an error that says which feature to turn on.
//!
//! No type meets the bounds of these methods. rustc infers the type from the only impl of
//! `Inferred`, after it has found the method: so the error is about the feature, at the call.
#![allow(clippy::must_use_candidate, reason = "nobody can call these methods")]

#[cfg(not(feature = "metrics"))]
pub use metrics::FeatureMetrics;
#[cfg(not(feature = "toml"))]
pub use toml::FeatureToml;

/// Has one impl, so that rustc knows the type.
pub trait Inferred<T> {}

/// The type that has no feature.
#[derive(Debug)]
pub enum Off {}

impl Inferred<Off> for () {}

#[cfg(not(feature = "toml"))]
mod toml {
    use std::convert::Infallible;
    use std::path::Path;
    use std::time::Duration;

    use super::Inferred;
    use crate::Registry;

    #[diagnostic::on_unimplemented(
        message = "this is a method of the feature `toml`, which is off",
        label = "needs the feature `toml`",
        note = "in `Cargo.toml`, add `features = [\"toml\"]` to the dependency on \
                `resilience-runtime`"
    )]
    /// Has no type.
    pub trait FeatureToml {
        /// Never called.
        fn call<R>() -> R;
    }

    impl Registry {
        #[doc(hidden)]
        pub fn configure<T: FeatureToml>(&self, _: &str) -> Result<(), Infallible>
        where
            (): Inferred<T>,
        {
            T::call()
        }

        #[doc(hidden)]
        pub fn check_configuration<T: FeatureToml>(&self, _: &str) -> Result<(), Infallible>
        where
            (): Inferred<T>,
        {
            T::call()
        }

        #[doc(hidden)]
        pub fn set_max_configuration_size<T: FeatureToml>(&self, _: usize)
        where
            (): Inferred<T>,
        {
            T::call::<()>();
        }

        #[doc(hidden)]
        pub fn configure_from_path<T: FeatureToml>(
            &self,
            _: impl AsRef<Path>,
        ) -> Result<(), Infallible>
        where
            (): Inferred<T>,
        {
            T::call()
        }

        #[doc(hidden)]
        pub fn watch<T: FeatureToml>(
            &self,
            _: impl AsRef<Path>,
            _: Duration,
            _: impl FnMut(Result<(), Infallible>),
        ) -> Result<(), Infallible>
        where
            (): Inferred<T>,
        {
            T::call()
        }

        #[doc(hidden)]
        pub fn to_toml<T: FeatureToml>(&self) -> String
        where
            (): Inferred<T>,
        {
            T::call()
        }
    }
}

#[cfg(not(feature = "metrics"))]
mod metrics {
    use super::Inferred;
    use crate::Registry;

    #[diagnostic::on_unimplemented(
        message = "this is a method of the feature `metrics`, which is off",
        label = "needs the feature `metrics`",
        note = "in `Cargo.toml`, add `features = [\"metrics\"]` to the dependency on \
                `resilience-runtime`"
    )]
    /// Has no type.
    pub trait FeatureMetrics {
        /// Never called.
        fn call<R>() -> R;
    }

    impl Registry {
        #[doc(hidden)]
        pub fn publish_metrics<T: FeatureMetrics>(&self)
        where
            (): Inferred<T>,
        {
            T::call::<()>();
        }
    }
}
