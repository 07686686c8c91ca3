package io.github.tornadovit.kernels.tornado;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** This JVM's use of a device: the memory of its plans, and the kernels that it trusts there. */
final class DeviceUse {
  private final AtomicLong bytes = new AtomicLong();
  private final Set<KernelForm> proven = ConcurrentHashMap.newKeySet();

  private volatile boolean refusesToFreeTwice;

  /** Bytes that plans hold, as they were counted. */
  long bytes() {
    return bytes.get();
  }

  /** Counts bytes that a plan takes, or gives back. */
  void take(long more) {
    bytes.addAndGet(more);
  }

  /** Whether a kernel has given its known answers. */
  boolean isProven(KernelForm kernel) {
    return proven.contains(kernel);
  }

  /** Kernels that have given their known answers. */
  void prove(Collection<KernelForm> kernels) {
    proven.addAll(kernels);
  }

  /** TornadoVM refused to free an array that it had freed before. */
  void refusedToFreeTwice() {
    refusesToFreeTwice = true;
  }

  /** Whether it has done so. */
  boolean refusesToFreeTwice() {
    return refusesToFreeTwice;
  }

  /** The device failed: before it is used again its kernels have to give their answers anew. */
  void distrust() {
    proven.clear();
  }
}
