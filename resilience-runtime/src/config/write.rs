//! The limits of the program in force, as a configuration file.

use resilience_options::{OptionInfo, Options, TimeoutOptions, Value};

use super::target::{Stack, Target, Targets};
use super::toml_path::{key, path};
use super::value;
use crate::policy::bulkhead::Bulkhead;
use crate::policy::configurable::Configurable;

const HEAD: &str = "\
# The limits of this program that are in force, from its code and its configuration.
# Keep only the limits that you change: all others come from the code.
";
/// Column at which comments begin, unless the line is longer.
const COMMENT_COLUMN: usize = 32;

pub(super) fn text(targets: &Targets) -> String {
    let mut file = File(String::from(HEAD));
    file.named(&targets.breakers, |_| None);
    file.named(&targets.bulkheads, resized);
    file.named(&targets.limiters, |_| None);
    file.named(&targets.retries, |_| None);
    file.named(&targets.budgets, |_| None);
    file.named(&targets.adaptive_timeouts, |_| None);
    file.stacks(&targets.policies);
    file.stacks(&targets.functions);
    file.0
}

/// Returns a comment if the program has resized the bulkhead: the file can't change this limit.
fn resized(bulkhead: Target<Bulkhead>) -> Option<String> {
    let Target::One(bulkhead) = bulkhead else { return None };
    let slots = bulkhead.resized()?;
    Some(format!("# The program has resized max_concurrent to {slots}. This value stays in force."))
}

struct File(String);

impl File {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn limit(&mut self, key: &str, value: &str, about: &str) {
        self.line(&format!("{:COMMENT_COLUMN$}# {about}", format!("{key} = {value} ")));
    }

    /// Writes a comment about a name that several have.
    fn duplicate(&mut self, kind: &str, name: &str, count: usize) {
        let name = key(name);
        self.line(&format!("\n# {kind} {name}: not configurable, because {count} have this name."));
    }

    fn named<T: Configurable>(
        &mut self,
        all: &[Target<T>],
        note: impl Fn(Target<T>) -> Option<String>,
    ) {
        for namesakes in all.chunk_by(|left, right| left.name() == right.name()) {
            let name = namesakes[0].name();
            match namesakes {
                [target] => {
                    let head = format!("[{}]", path(&[T::Options::SECTION, name]));
                    self.table(&head, *target, note(*target).as_deref());
                }
                several => self.duplicate(T::Options::POLICY, name, several.len()),
            }
        }
    }

    fn stacks(&mut self, all: &[Stack]) {
        for namesakes in all.chunk_by(|left, right| left.of.name() == right.of.name()) {
            match namesakes {
                [stack] if stack.is_empty() => {}
                [stack] => self.stack(stack),
                several => {
                    let of = several[0].of;
                    self.duplicate(of.section(), of.name(), several.len());
                }
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
                    let about = "limit of each `#[timeout]`, from the outside in";
                    self.limit(option.name, &limits, about);
                }
            }
        }
        for retry in &stack.retries {
            self.layer(&own, Target::One(*retry), stack.retries.len(), None);
        }
        for breaker in &stack.breakers {
            self.layer(&own, Target::One(*breaker), stack.breakers.len(), None);
        }
        for bulkhead in &stack.bulkheads {
            let bulkhead = Target::One(*bulkhead);
            self.layer(&own, bulkhead, stack.bulkheads.len(), resized(bulkhead).as_deref());
        }
        for limiter in &stack.limiters {
            self.layer(&own, Target::One(*limiter), stack.limiters.len(), None);
        }
    }

    /// Writes one of `count` layers of a kind: as a table, or as an element of a list of tables.
    fn layer<T: Configurable>(
        &mut self,
        own: &str,
        layer: Target<T>,
        count: usize,
        note: Option<&str>,
    ) {
        let path = format!("{own}.{}", T::Options::SECTION);
        let head = if count == 1 { format!("[{path}]") } else { format!("[[{path}]]") };
        self.table(&head, layer, note);
    }

    fn table<T: Configurable>(&mut self, head: &str, target: Target<T>, note: Option<&str>) {
        self.line(&format!("\n{head}"));
        if let Some(note) = note {
            self.line(note);
        }
        let options = target.options();
        for option in T::Options::OPTIONS {
            self.option(option, &options, target.runtime_keys());
        }
    }

    /// Writes one option with its value in force and its meaning. An option whose value a file
    /// can't set is written as a comment.
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
