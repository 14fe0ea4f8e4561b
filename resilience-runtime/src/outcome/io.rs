//! The class of an I/O error, and the conversion of a policy's error into one.

use std::io::{self, ErrorKind};

use super::class::Class;
use super::classify::Classify;
use super::error::Error;
use super::error_text::Cause;

/// By its kind, as a client of a service sees it:
///
/// | class | kinds | why |
/// |---|---|---|
/// | `Expected` | `NotFound`, `AlreadyExists`, `NotADirectory`, `IsADirectory`, `DirectoryNotEmpty` | the request does not fit what is there; the service that answered so is well |
/// | `Ignored` | `InvalidInput`, `InvalidFilename`, `ArgumentListTooLong` | the request is wrong in itself; often nothing was sent |
/// | `Permanent` | `PermissionDenied`, `Unsupported`, `InvalidData`, `ReadOnlyFilesystem`, `StorageFull`, `QuotaExceeded`, `FileTooLarge`, `CrossesDevices`, `TooManyLinks`, `NotSeekable` | not well, and no better a moment later |
/// | `Transient` | all others, those of later Rust versions and `Other` too: refused, reset, aborted and broken connections, unreachable hosts, time-outs, interruptions, an answer that broke off | may pass by itself |
///
/// An I/O error that holds a [policy's error](Error), itself or among its sources, has the class of
/// that error.
///
/// `when` on the attribute decides where this class is wrong for one function (a socket file that
/// is `NotFound` while its server starts, say).
impl Classify for io::Error {
    fn classify(&self) -> Class {
        if let Some(policy) = self.policy_error() {
            return policy.classify();
        }
        match self.kind() {
            ErrorKind::NotFound
            | ErrorKind::AlreadyExists
            | ErrorKind::NotADirectory
            | ErrorKind::IsADirectory
            | ErrorKind::DirectoryNotEmpty => Class::Expected,
            ErrorKind::InvalidInput
            | ErrorKind::InvalidFilename
            | ErrorKind::ArgumentListTooLong => Class::Ignored,
            ErrorKind::PermissionDenied
            | ErrorKind::Unsupported
            | ErrorKind::InvalidData
            | ErrorKind::ReadOnlyFilesystem
            | ErrorKind::StorageFull
            | ErrorKind::QuotaExceeded
            | ErrorKind::FileTooLarge
            | ErrorKind::CrossesDevices
            | ErrorKind::TooManyLinks
            | ErrorKind::NotSeekable => Class::Permanent,
            _ => Class::Transient,
        }
    }

    fn cause(&self) -> Cause<'_> {
        Cause::display(self)
    }

    fn policy_error(&self) -> Option<&Error> {
        self.get_ref().and_then(|inner| Error::find(inner))
    }
}

/// Lets a function that returns `io::Result` do without an error type of its own. The kind is
/// `TimedOut` for a limit that passed, `Other` for a call that was rejected; the policy's error is
/// inside ([`io::Error::get_ref`]).
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = if error.is_timeout() { ErrorKind::TimedOut } else { ErrorKind::Other };
        Self::new(kind, error)
    }
}
