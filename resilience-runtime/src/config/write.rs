//! The limits of the program as a file: what there is to configure, and what holds now.

use super::keys::{Configurable, Keys, Options, Value, write_duration};
use super::target::{Stack, Target, Targets};
use super::toml_path::{key, path};
use crate::policy::bulkhead::Bulkhead;

const HEAD: &str = "\
# The limits of this program, as its code and its configuration say now.
# Keep what is to be different from the code: what the file does not say is as the code says.
";
/// Where comments begin, if the line is not too long.
const MARGIN: usize = 32;

pub(super) fn text(targets: &Targets) -> String {
    let mut file = File(String::from(HEAD));
    file.named(&targets.breakers, |_| None);
    file.named(&targets.bulkheads, resized);
    file.named(&targets.retries, |_| None);
    file.named(&targets.budgets, |_| None);
    file.named(&targets.adaptive_timeouts, |_| None);
    file.stacks(&targets.policies);
    file.stacks(&targets.functions);
    file.0
}

fn resized(bulkhead: Target<Bulkhead>) -> Option<String> {
    let Target::One(bulkhead) = bulkhead else { return None };
    let (in_force, said) =
        (bulkhead.snapshot().max_concurrent, bulkhead.options().get().max_concurrent);
    (in_force != said).then(|| {
        format!("# The program itself has set max_concurrent to {in_force}: that stays in force.")
    })
}

struct File(String);

impl File {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn limit(&mut self, key: &str, value: &str, about: &str) {
        self.line(&format!("{:MARGIN$}# {about}", format!("{key} = {value} ")));
    }

    /// What several are called can't be told apart in a file.
    fn alike(&mut self, kind: &str, name: &str, count: usize) {
        let name = key(name);
        self.line(&format!(
            "\n# {kind} {name}: {count} have this name, and a file can't tell them apart."
        ));
    }

    fn named<T: Configurable>(
        &mut self,
        all: &[Target<T>],
        note: impl Fn(Target<T>) -> Option<String>,
    ) {
        for same in all.chunk_by(|one, next| one.name() == next.name()) {
            let name = same[0].name();
            match same {
                [one] => {
                    let head = format!("[{}]", path(&[T::SECTION, name]));
                    self.table(&head, *one, note(*one).as_deref(), &[]);
                }
                several => self.alike(T::KIND, name, several.len()),
            }
        }
    }

    fn stacks(&mut self, all: &[Stack]) {
        for same in all.chunk_by(|one, next| one.of.name() == next.of.name()) {
            match same {
                [one] if one.is_empty() => {}
                [one] => self.stack(one),
                several => self.alike(same[0].of.section(), same[0].of.name(), several.len()),
            }
        }
    }

    fn stack(&mut self, stack: &Stack) {
        let own = path(&[stack.of.section(), stack.of.name()]);
        let limits: Vec<_> =
            stack.timeouts.iter().map(|limit| write_duration(limit.get())).collect();
        match &limits[..] {
            [] => {}
            [limit] => {
                self.line(&format!("\n[{own}]"));
                self.limit("timeout", limit, "the longest that what is inside may take");
            }
            limits => {
                self.line(&format!("\n[{own}]"));
                let limits = format!("[{}]", limits.join(", "));
                self.limit("timeout", &limits, "of each `#[timeout]`, from the outside in");
            }
        }
        for retry in &stack.retries {
            self.part(
                &own,
                Target::One(retry.policy),
                stack.retries.len(),
                None,
                retry.runtime_keys,
            );
        }
        for breaker in &stack.breakers {
            self.part(&own, Target::One(*breaker), stack.breakers.len(), None, &[]);
        }
        for bulkhead in &stack.bulkheads {
            let bulkhead = Target::One(*bulkhead);
            self.part(&own, bulkhead, stack.bulkheads.len(), resized(bulkhead).as_deref(), &[]);
        }
    }

    fn part<T: Configurable>(
        &mut self,
        own: &str,
        part: Target<T>,
        of: usize,
        note: Option<&str>,
        runtime_keys: &[&str],
    ) {
        let path = format!("{own}.{}", T::SECTION);
        let head = if of == 1 { format!("[{path}]") } else { format!("[[{path}]]") };
        self.table(&head, part, note, runtime_keys);
    }

    fn table<T: Configurable>(
        &mut self,
        head: &str,
        of: Target<T>,
        note: Option<&str>,
        runtime_keys: &[&str],
    ) {
        self.line(&format!("\n{head}"));
        if let Some(note) = note {
            self.line(note);
        }
        of.options().keys(&mut Shown { file: self, runtime_keys });
    }
}

/// Shows every limit, with a word about it.
struct Shown<'f> {
    file: &'f mut File,
    runtime_keys: &'f [&'f str],
}

impl Shown<'_> {
    fn show<T: Value>(&mut self, key: &str, about: &str, holds: Option<T>) {
        if self.runtime_keys.contains(&key) {
            return self.file.line(&format!("# {key}: the code gives it anew for each call"));
        }
        let value = holds.and_then(Value::write);
        match value {
            Some(value) => self.file.limit(key, &value, about),
            None => self.file.limit(&format!("# {key}"), "", about),
        }
    }
}

impl Keys for Shown<'_> {
    fn limit<T: Value>(&mut self, key: &'static str, about: &'static str, limit: &mut T) {
        self.show(key, about, Some(*limit));
    }

    fn option<T: Value>(
        &mut self,
        key: &'static str,
        about: &'static str,
        _limit: &mut Option<T>,
        holds: Option<T>,
    ) {
        self.show(key, about, holds);
    }

    fn instead<T>(&mut self, _given: &'static str, _of: &mut Option<T>) {}
}
