/**
 * Executes task graphs in a plain JVM, and checks them as an address and race sanitizer would.
 *
 * <p>What it finds, each with the task, the work-item, the array and the index where they apply:
 *
 * <ul>
 *   <li>Device arrays, cell by cell ({@link DeviceBuffer}): an index out of bounds; a cell written
 *       by two work-items of a launch; a cell that one work-item reads and another of the same
 *       launch writes, whichever comes first; a read of a cell that nothing ever wrote.
 *   <li>Local arrays, by their consequences ({@link Launch}): each group runs in ascending and in
 *       descending order of its work-items, from the same device memory, with local memory poisoned
 *       differently. Two accesses between the same two barriers of which one is a write, and a read
 *       of a cell that nothing wrote, give different results.
 *   <li>Barriers ({@link Coroutines}): work-items of one group that stop at different barriers, or
 *       end early.
 *   <li>Launches ({@link NdRange}): no grid, no local size, sizes that do not divide, groups of
 *       more than 1,024 work-items, more than 48 KiB of local memory.
 *   <li>Graphs ({@link GraphLimits}, {@link EmulatedPlan}): more tasks, arguments or bytecode than
 *       TornadoVM's fixed tables hold; grids that match no task; tasks of one name and different
 *       code, of which it would compile one; arrays consumed that the graph before did not carry;
 *       outputs that no task writes, or writes in part; use from two threads, after a failure or
 *       after closing.
 * </ul>
 *
 * <p>What it does not find: faults of code generation (TornadoVM compiles fewer forms of Java than
 * run here), races in {@code @Parallel} loops, local accesses whose effect never reaches device
 * memory, misaligned or slow accesses.
 *
 * <p>Everything is deterministic: work-items run one at a time, in a fixed order.
 */
@NullMarked
package io.github.tornadovit.emulator;

import org.jspecify.annotations.NullMarked;
