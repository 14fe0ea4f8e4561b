//! The limits of the program as a file: what there is to configure, and what holds now.

use resilience_options::{OptionInfo, Options, TimeoutOptions, Value};

use super::target::{Stack, Target, Targets};
use super::toml_path::{key, path};
use super::value;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::configurable::Configurable;

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
        (bulkhead.snapshot().max_concurrent, bulkhead.options().get().max_concurrent());
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
                    let head = format!("[{}]", path(&[T::Options::SECTION, name]));
                    self.table(&head, *one, note(*one).as_deref(), &[]);
                }
                several => self.alike(T::Options::POLICY, name, several.len()),
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
        let limits: Vec<_> = stack
            .timeouts
            .iter()
            .filter_map(|limit| value::write(Value::Duration(limit.get())))
            .collect();
        if let Some(option) = TimeoutOptions::OPTIONS.first().filter(|_| !limits.is_empty()) {
            self.line(&format!("\n[{own}]"));
            match &limits[..] {
                [limit] => self.limit(option.name, limit, option.about),
                limits => {
                    let limits = format!("[{}]", limits.join(", "));
                    self.limit(option.name, &limits, "of each `#[timeout]`, from the outside in");
                }
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
        let path = format!("{own}.{}", T::Options::SECTION);
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
        let options = of.options();
        for option in T::Options::OPTIONS {
            self.option(option, &options, runtime_keys);
        }
    }

    /// Shows one option with its value in force, and its meaning. An option without a value that a
    /// file could give is a comment.
    fn option<O: Options>(&mut self, option: &OptionInfo, options: &O, runtime_keys: &[&str]) {
        let OptionInfo { name, about, .. } = *option;
        if runtime_keys.contains(&name) {
            return self.line(&format!("# {name}: the code computes it for each call"));
        }
        match options.in_force(name).and_then(value::write) {
            Some(value) => self.limit(name, &value, about),
            None => self.limit(&format!("# {name}"), "", about),
        }
    }
}
