//! GPU buffers that are counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A GPU buffer, shared by handle, freed with the last handle and counted in [`super::Gpu::bytes`].
#[derive(Clone, Debug)]
pub struct Memory {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    buffer: wgpu::Buffer,
    counter: Arc<AtomicU64>,
}

impl Memory {
    pub(super) fn new(buffer: wgpu::Buffer, counter: Arc<AtomicU64>) -> Self {
        counter.fetch_add(buffer.size(), Ordering::Relaxed);
        Self { inner: Arc::new(Inner { buffer, counter }) }
    }

    /// The buffer itself.
    pub fn buffer(&self) -> &wgpu::Buffer {
        &self.inner.buffer
    }

    /// Its size in bytes.
    pub fn bytes(&self) -> u64 {
        self.inner.buffer.size()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.counter.fetch_sub(self.buffer.size(), Ordering::Relaxed);
        // At once, not when the garbage collector finds it: sessions are rebuilt often.
        self.buffer.destroy();
    }
}
