/**
 * {@link io.github.tornadovit.kernels.cpu.InnerLoops} as machine code that this package writes
 * itself, for x86-64 on Linux. Nothing native is shipped or compiled: {@link
 * io.github.tornadovit.kernels.machinecode.Assembler} turns instructions into bytes, which are
 * copied to memory, made executable and called through {@link java.lang.foreign.Linker}.
 *
 * <p>Why: C2 spends a third of the instructions of a product's innermost loop on addresses; and
 * code that needs no compiler is as fast at the first call as at the last.
 */
@NullMarked
package io.github.tornadovit.kernels.machinecode;

import org.jspecify.annotations.NullMarked;
