package io.github.tornadovit.kernels.backend;

/**
 * A backend and why it was taken.
 *
 * @param backend owned by the caller, who closes it
 * @param reason in one sentence
 */
public record BackendSelection(Backend backend, String reason) {}
