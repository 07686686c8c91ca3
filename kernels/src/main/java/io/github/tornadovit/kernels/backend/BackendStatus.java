package io.github.tornadovit.kernels.backend;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backend, with its device or the reason why it cannot be used here.
 *
 * @param backend {@code reference}, {@code cpu} or {@code tornado}
 * @param device what it executes on unless a device is named, or null if it cannot be used
 * @param unusable why it cannot be used, or null if it can
 * @param precisions every one there is, and whether the backend has it; empty if it cannot be used
 */
public record BackendStatus(
    String backend,
    @Nullable String device,
    @Nullable Unusable unusable,
    List<PrecisionStatus> precisions) {
  /** Copies the list. */
  public BackendStatus {
    precisions = List.copyOf(precisions);
  }
}
