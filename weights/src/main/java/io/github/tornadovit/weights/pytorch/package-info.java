/**
 * Reader of {@code pytorch_model.bin}, in the zip form (torch 1.6 and later) and the form before.
 *
 * <p>Both hold a pickle, which is a program. Here it runs on an interpreter that can build tensors
 * that lie in the file, numbers, strings and containers of these, and nothing else; whatever else
 * it asks for is refused by name, and nothing of it is ever looked up as a Java class or called.
 *
 * <table>
 * <caption>The zip form; integers are little-endian</caption>
 * <tr><th>entry</th><th>content</th></tr>
 * <tr><td>{@code <top>/data.pkl}</td><td>pickle, protocol 2, of the state dict</td></tr>
 * <tr><td>{@code <top>/data/<key>}</td><td>one storage: the raw elements of one or more tensors</td></tr>
 * <tr><td>{@code <top>/byteorder}</td><td>{@code little} or {@code big}; absent in old files, then little</td></tr>
 * <tr><td>others</td><td>{@code version}, {@code .data/serialization_id}, …: not read</td></tr>
 * </table>
 *
 * <p>torch stores entries uncompressed and aligned, so a tensor is a view on the mapped file. Its
 * local headers hold no sizes; they come from the central directory, and the data offset from the
 * local header's own name and extra lengths.
 *
 * <table>
 * <caption>The form before: five pickles, then the storages</caption>
 * <tr><th>part</th><th>content</th></tr>
 * <tr><td>pickle 1</td><td>the number 0x1950a86a20f9469cfc6c, by which the form is known</td></tr>
 * <tr><td>pickle 2</td><td>protocol version 1001</td></tr>
 * <tr><td>pickle 3</td><td>dict with {@code little_endian}</td></tr>
 * <tr><td>pickle 4</td><td>the state dict</td></tr>
 * <tr><td>pickle 5</td><td>list of storage keys</td></tr>
 * <tr><td>per key</td><td>64-bit number of elements, then the elements</td></tr>
 * </table>
 *
 * <p>Refused, each by name: compressed, encrypted, duplicate or overlapping entries, several disks,
 * a wrong CRC, big-endian data, TorchScript programs, the tar form of 2016, plain pickles; a pickle
 * with any global outside {@link io.github.tornadovit.weights.pytorch.PickleGlobal}, any opcode
 * outside the thirty-odd that torch writes, or beyond the limits of {@link
 * io.github.tornadovit.weights.pytorch.PickleReader}; a tensor that leaves its storage; tensors
 * that repeat few stored elements into many.
 *
 * <p>CRCs are always verified, of the pickle before it runs and of every storage that a tensor
 * refers to: a flipped bit in a weight would otherwise be a wrong answer. It costs one pass over
 * pages that loading the weights is about to read anyway, on all cores.
 */
@NullMarked
package io.github.tornadovit.weights.pytorch;

import org.jspecify.annotations.NullMarked;
