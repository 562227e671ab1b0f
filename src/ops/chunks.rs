//! How sums over many rows are cut: into workgroups of 16 channels × 16 threads, each of which sums a chunk of rows.

/// Rows of one workgroup: enough that threads have work, few enough that a GPU is full of workgroups. `channels` counts
/// all sums that run side by side.
pub(super) fn chunk_rows(rows: usize, channels: usize) -> usize {
    const WORKGROUPS: usize = 512;
    const LEAST: usize = 16 * 8;
    let chunks = (WORKGROUPS / tiles(channels)).max(1);
    rows.div_ceil(chunks).next_multiple_of(16).max(LEAST)
}

/// Workgroups that lie side by side over the channels.
pub(super) fn tiles(channels: usize) -> usize {
    channels.div_ceil(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_one_chunk_and_many_fill_a_gpu() {
        assert_eq!(chunk_rows(50, 64), 128);
        for (rows, channels) in [(128_usize * 112 * 112, 64), (1_000_000, 3), (401_408, 256), (6272, 2048)] {
            let workgroups = rows.div_ceil(chunk_rows(rows, channels)) * tiles(channels);
            assert!((300..=640).contains(&workgroups), "{rows} × {channels}: {workgroups}");
        }
    }
}
