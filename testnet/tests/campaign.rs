//! A slice of the campaign for every test run; the long form is `campaign --seeds 1000`.

use testnet::campaign;

#[test]
fn a_dozen_meshes_under_random_faults_end_in_the_one_right_world() {
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 1..=12 {
        match campaign::run(seed) {
            Ok(report) => kinds.extend(report.faults.into_keys()),
            Err(error) => panic!("{error}\nreplay it with: campaign --seeds 1 --from {seed}"),
        }
    }
    let must: [&str; 6] = ["command", "kill", "start", "split", "heal", "pause"];
    assert!(
        must.iter().all(|kind| kinds.contains(kind)),
        "the slice has faults of each kind: {kinds:?}"
    );
}

#[test]
fn a_seed_replays_to_the_same_end() {
    let ends: Vec<_> =
        (0..2).map(|_| campaign::run(40).map(|end| (end.delivered, end.epoch))).collect();
    assert!(ends[0].is_ok());
    assert_eq!(ends[0], ends[1]);
}

/// Snapshots of a history that was undone once made every newer one look old: it was fetched and
/// dropped for ever.
#[test]
fn a_world_that_starts_again_from_the_beginning_keeps_the_states_it_fetches() {
    let end = campaign::run(1_254).map(|end| end.epoch);
    assert!(end.is_ok(), "{end:?}");
}
