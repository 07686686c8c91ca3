/**
 * Execution of programs through TornadoVM: a program becomes task graphs, its weights stay on the
 * device, pixels go in and answers come out. {@code TornadoVm} is the runtime of this JVM and where
 * to begin; {@code TornadoBackend} is one device of it, {@code TornadoPlan} a program there, {@code
 * DeviceProgram} the program's kernels, {@code GraphRecorder} their graphs and {@code Residents}
 * what stays there between runs, for several programs. TornadoVM looks at no return code: {@code
 * GraphRunner} executes a graph and looks, and that what should have happened did is shown by
 * {@code KnownAnswers} before a kernel is first used, by {@code Arrival} for copies, {@code
 * launch.Launches} for kernels and {@code NativeOutput} for what native code prints.
 */
@NullMarked
package io.github.tornadovit.kernels.tornado;

import org.jspecify.annotations.NullMarked;
