package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.kernels.backend.BackendChoice;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The doctor's task; whatever it names has to work.
 *
 * @param version of tornado-vit
 * @param processor as the system names it
 * @param model folder of a checkpoint, or null for none
 * @param batch that memory is computed for
 * @param backend that has to work; AUTO for whichever do
 * @param device of TornadoVM that has to work, or null
 * @param precision that memory is computed for and that has to work
 * @param selfTests whether to run the demo model
 */
public record Question(
    String version,
    String processor,
    @Nullable Path model,
    int batch,
    BackendChoice backend,
    @Nullable String device,
    Precision precision,
    boolean selfTests) {}
