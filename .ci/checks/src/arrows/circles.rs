//! Circles in a graph.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// For each node, the nodes that it has an arrow to.
pub(crate) type Graph = BTreeMap<usize, BTreeSet<usize>>;

pub(crate) fn graph(arrows: impl Iterator<Item = (usize, usize)>) -> Graph {
    let mut graph = Graph::new();
    for (from, to) in arrows {
        graph.entry(from).or_default().insert(to);
    }
    graph
}

/// For each arrow that is part of a circle, a shortest one; the shortest of all first.
pub(crate) fn circles(graph: &Graph) -> Vec<Vec<usize>> {
    let mut found = BTreeSet::new();
    for (&from, targets) in graph {
        for &to in targets {
            if let Some(mut circle) = shortest_path(graph, to, from) {
                let first = (0..circle.len()).min_by_key(|&index| circle[index]).unwrap_or(0);
                circle.rotate_left(first);
                found.insert((circle.len(), circle));
            }
        }
    }
    found.into_iter().map(|(_, circle)| circle).collect()
}

fn shortest_path(graph: &Graph, from: usize, to: usize) -> Option<Vec<usize>> {
    let mut came_from = BTreeMap::from([(from, from)]);
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            let mut path = vec![to];
            let mut at = to;
            while at != from {
                at = came_from[&at];
                path.push(at);
            }
            path.reverse();
            return Some(path);
        }
        for &next in graph.get(&at).into_iter().flatten() {
            came_from.entry(next).or_insert_with(|| {
                queue.push_back(next);
                at
            });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{circles, graph};

    #[test]
    fn circles_are_found_and_the_shortest_is_first() {
        let arrows = [(1, 2), (2, 3), (3, 1), (3, 4), (5, 4), (4, 5), (0, 1)];
        assert_eq!(circles(&graph(arrows.into_iter())), [vec![4, 5], vec![1, 2, 3]]);
    }

    #[test]
    fn a_diamond_is_no_circle() {
        let arrows = [(0, 1), (0, 2), (1, 3), (2, 3)];
        assert!(circles(&graph(arrows.into_iter())).is_empty());
    }
}
