/**
 * Each operation that reaches a disk, a device or memory fails in turn, and each thing that is
 * closed is used afterwards. Every test prints how many faults it injected.
 *
 * <table>
 *   <caption>What is reached, and what a fault leads to</caption>
 *   <tr><th>operation</th><th>faults</th><th>outcome</th><th>test</th></tr>
 *   <tr><td>open, measure, map, read of config, weights, shards, index</td>
 *     <td>EIO, EACCES, ENOENT, end of file too early</td>
 *     <td>CheckpointException with the file's name; nothing open or mapped; loads again</td>
 *     <td>{@link io.github.tornadovit.engine.faults.ReadFaultsTest}</td></tr>
 *   <tr><td>read of a mapped file: tensors, digest, packing for a plan, for a feature's plan later,
 *     for attention's, on every backend</td>
 *     <td>cut short to nothing, to a page, within a page; written to</td>
 *     <td>CheckpointException "changed while it was in use"; the JVM lives; no answer of zeros</td>
 *     <td>{@link io.github.tornadovit.engine.faults.TruncationTest}</td></tr>
 *   <tr><td>read of an image</td><td>as a checkpoint</td><td>ImageException</td>
 *     <td>{@link io.github.tornadovit.engine.faults.ReadFaultsTest}</td></tr>
 *   <tr><td>features cached, probe saved, any file of a command ({@code -o}, overlays, reports,
 *     kernel sources), all through WholeFile</td>
 *     <td>EIO, ENOSPC with half of it written, EACCES, ENOENT</td>
 *     <td>an exception with the file's name; the file is the old one or the new one</td>
 *     <td>{@link io.github.tornadovit.engine.faults.WriteFaultsTest}</td></tr>
 *   <tr><td>standard output, {@code -o} to a device</td><td>ENOSPC</td>
 *     <td>one line, exit code 1</td>
 *     <td>{@code StandardOutputTest} of the command line</td></tr>
 *   <tr><td>the hub's cache: locks, parts, blobs, links, refs, marks</td>
 *     <td>EIO, ENOSPC, EACCES, ENOENT, end of file too early</td>
 *     <td>HubException without the token, or none where the cache can do without; blobs and
 *     snapshots are whole; the next download mends it</td>
 *     <td>{@link io.github.tornadovit.engine.faults.HubFaultsTest}; the network's faults are in
 *     {@code HubFailureTest} of the hub</td></tr>
 *   <tr><td>device: allocate, copy in, compile, launch, copy out, free</td>
 *     <td>in silence, once, or for good (device lost); caller interrupted</td>
 *     <td>BackendException and no answer; plan refuses, device goes on; memory that cannot be freed
 *     without danger stays counted</td>
 *     <td>{@link io.github.tornadovit.engine.faults.DeviceFaultsTest}</td></tr>
 *   <tr><td>the same at load and later, with {@code auto}</td><td>once, lost</td>
 *     <td>the CPU, and the fault as the reason</td>
 *     <td>{@link io.github.tornadovit.engine.faults.FallbackTest}</td></tr>
 *   <tr><td>the same in a service, on a device that was asked for by name</td><td>once, lost</td>
 *     <td>the device is opened anew and every request answered; one that fails then too is given up,
 *     with its reason</td>
 *     <td>{@link io.github.tornadovit.engine.faults.DeviceRecoveryTest}</td></tr>
 *   <tr><td>the same in a command</td><td>once, lost</td>
 *     <td>exit code 1 and what failed; standard output holds data only, without a wrong row</td>
 *     <td>{@code NativeOutputTest} of the command line</td></tr>
 *   <tr><td>heap: load, packing, buffers</td><td>full</td>
 *     <td>CheckpointException or BackendException with what to do; a smaller model runs</td>
 *     <td>{@link io.github.tornadovit.engine.faults.MemoryFaultsTest}; {@code SmallHeapTest} and
 *     {@code LargeImagesTest} of the command line</td></tr>
 *   <tr><td>close twice, use after close, interrupt while loading</td><td></td>
 *     <td>IllegalStateException that says so</td>
 *     <td>{@link io.github.tornadovit.engine.faults.LifeCycleTest}; close during use is in
 *     {@code ConcurrentUseTest}, requests of a service in {@code BatchingServiceTest}</td></tr>
 * </table>
 */
@NullMarked
package io.github.tornadovit.engine.faults;

import org.jspecify.annotations.NullMarked;
