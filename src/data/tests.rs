use super::*;

/// Two samples of 2×4 pixels with two channels, stored as 1×2.
fn tiny() -> Dataset {
    Dataset {
        name: "tiny".into(),
        shape: [2, 4, 2],
        classes: vec!["a".into(), "b".into()],
        pixels: vec![0, 1, 2, 3, 4, 5, 6, 7],
        repeat: 2,
        scale: 0.25,
        labels: vec![1, 0],
    }
}

fn message(dataset: &Dataset) -> String {
    dataset.validate().expect_err("an invalid dataset").to_string()
}

#[test]
fn a_sound_dataset_is_valid() {
    tiny().validate().expect("valid");
    assert_eq!(tiny().len(), 2);
    assert_eq!(tiny().stored_shape(), [1, 2, 2]);
    assert_eq!(tiny().sample_bytes(), 4);
}

#[test]
fn what_is_wrong_is_named() {
    let with = |change: fn(&mut Dataset)| {
        let mut dataset = tiny();
        change(&mut dataset);
        message(&dataset)
    };
    for (text, part) in [
        (with(|d| d.labels[1] = 2), "sample 1 has label 2, but labels of 2 classes must be below 2"),
        (with(|d| d.labels.clear()), "no samples"),
        (with(|d| d.labels.push(0)), "3 labels of [1, 2, 2] pixels need 12 bytes, but there are 8"),
        (with(|d| d.shape = [2, 0, 2]), "2×0×2 has no pixels"),
        (with(|d| d.shape = [2, 5, 2]), "do not make up 2×5"),
        (with(|d| d.repeat = 0), "repeated 0 times"),
        (with(|d| d.scale = f32::NAN), "scale of NaN"),
        (with(|d| d.classes.clear()), "labels of 0 classes"),
        (with(|d| d.classes = vec![String::new(); 65_537]), "65537 classes are more than 65536"),
        (with(|d| d.shape = [usize::MAX - 1, usize::MAX / 4 + 1, usize::MAX / 4 + 1]), "need too many bytes"),
    ] {
        assert!(text.starts_with("dataset \"tiny\": ") && text.contains(part), "{text}");
    }
}

#[test]
fn values_repeat_and_scale_the_stored_pixels() {
    let row = [1.0, 1.25, 1.0, 1.25, 1.5, 1.75, 1.5, 1.75];
    assert_eq!(tiny().values(1).expect("a sample"), [row, row].concat());
    assert!(tiny().values(2).expect_err("no third sample").to_string().contains("sample 2 does not exist"));
    assert!(tiny().values(usize::MAX).is_err());
}

#[test]
fn pictures_are_grey_or_coloured_and_opaque() {
    let grey = tiny().rgba(0).expect("a sample");
    assert_eq!(grey[..12], [0, 0, 0, 255, 0, 0, 0, 255, 128, 128, 128, 255]);
    assert_eq!(grey.len(), 2 * 4 * 4);
    let colour = Dataset { shape: [1, 1, 4], repeat: 1, scale: 1.0 / 255.0, ..tiny() };
    assert_eq!(colour.rgba(1).expect("a sample"), [4, 5, 6, 255]);
}

#[test]
fn a_split_is_whole_disjoint_and_decided_by_the_seed() {
    let dataset = Dataset { labels: vec![0; 1797], ..tiny() };
    let split = dataset.split(0.2, 1).expect("a split");
    assert_eq!((split.train.len(), split.validation.len()), (1438, 359));
    let mut all = [split.train.clone(), split.validation.clone()].concat();
    all.sort_unstable();
    assert_eq!(all, (0..1797).collect::<Vec<_>>());
    assert_eq!(dataset.split(0.2, 1).expect("a split"), split);
    assert_ne!(dataset.split(0.2, 2).expect("a split"), split);
}

#[test]
fn a_split_needs_a_share_that_leaves_both_sides_something() {
    let dataset = tiny();
    for share in [-0.1, 0.0, 1.0, 1.5, f32::NAN, f32::INFINITY] {
        let text = dataset.split(share, 1).expect_err("no share").to_string();
        assert!(text.contains("not between 0 and 1"), "{text}");
    }
    for share in [0.1, 0.9] {
        let text = dataset.split(share, 1).expect_err("one side is empty").to_string();
        assert!(text.contains("leaves one side empty"), "{text}");
    }
    assert!(dataset.split(0.5, 1).is_ok());
    assert!(Dataset { labels: Vec::new(), ..tiny() }.split(0.5, 1).is_err());
}
