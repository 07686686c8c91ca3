package io.github.tornadovit.kernels.backend;

import org.jspecify.annotations.Nullable;

/**
 * Whether a backend can be used here.
 *
 * @param backend {@code reference}, {@code cpu} or {@code tornado}
 * @param device what it executes on unless a device is named, or null if it cannot be used
 * @param unusable why it cannot be used, or null if it can
 */
public record BackendStatus(String backend, @Nullable String device, @Nullable Unusable unusable) {}
