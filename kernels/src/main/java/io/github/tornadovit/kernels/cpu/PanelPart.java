package io.github.tornadovit.kernels.cpu;

/**
 * The part of a panel that a tile reads, see {@link Panels}: {@code depth} of its rows, one after
 * the other.
 *
 * @param array of panels
 * @param offset of the first row
 * @param ahead index in the array of what will be read soon; {@code 4 depth} elements from there
 *     may be brought near meanwhile. Only speed depends on it
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record PanelPart(float[] array, int offset, int depth, int ahead) {}
