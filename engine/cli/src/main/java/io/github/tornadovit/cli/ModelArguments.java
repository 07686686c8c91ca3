package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.engine.VisionModel;
import io.github.tornadovit.kernels.backend.BackendChoice;
import io.github.tornadovit.kernels.backend.Backends;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which model runs where. */
final class ModelArguments {
  @Mixin private ModelSource source = new ModelSource();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private BackendChoice backend = BackendChoice.AUTO;

  @Option(
      names = "--device",
      paramLabel = "N|NAME",
      description =
          "Device of TornadoVM: its number in the list of the command devices, or a part of its name"
              + " or kind (gpu, cpu); default: the best one.")
  private @Nullable String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the CPU backend; default: one per processor.")
  private int threads;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images per forward pass; default: ${DEFAULT-VALUE}.")
  private int batch = ModelOptions.defaults().batch();

  @Option(
      names = "--max-pixels",
      paramLabel = "N",
      description = "Refuse images of more pixels; default: ${DEFAULT-VALUE}, as Pillow.")
  private long maxPixels = ModelOptions.defaults().maxPixels();

  @Option(
      names = "--no-orientation",
      description = "Do not turn images as their EXIF orientation says.")
  private boolean noOrientation;

  @Option(
      names = "--image-size",
      paramLabel = "N|HxW",
      converter = ImageSizeConverter.class,
      description =
          "Pixels that images are brought to, positions interpolated; default: the checkpoint's.")
  private @Nullable Extent imageSize;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      split = ",",
      converter = PrecisionConverter.class,
      description =
          "Of the matrix products: f32; or on the cpu, faster and a little less exact, int8 (1.3 to 1.5 times with"
              + " AVX2, 4 to 5 times with AMX), or bf16 where the processor has AVX512-BF16; or f16 on tensor cores of an NVIDIA device (compute"
              + " capability 8.0 or later, backend tornado through PTX); default: f32. The commands eval and bench"
              + " compare several.")
  private List<Precision> precisions = List.of(Precision.F32);

  @Option(
      names = "--print-kernels",
      paramLabel = "DIR",
      description =
          "Write the generated source of every kernel of the backend tornado into a folder.")
  private @Nullable Path printKernels;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  ModelArguments() {}

  /** The precisions named, each once. */
  List<Precision> precisions() {
    return precisions.stream().distinct().toList();
  }

  /** The options; a value out of range is wrong usage, and so is more than one precision. */
  ModelOptions options() {
    List<Precision> named = precisions();
    if (named.size() > 1) {
      throw new ParameterException(
          command.commandLine(),
          "--precision names %s, expected one; eval and bench compare several"
              .formatted(named.stream().map(Precision::label).collect(Collectors.joining(", "))));
    }
    return options(named.getFirst());
  }

  private ModelOptions options(Precision precision) {
    try {
      return ModelOptions.defaults()
          .withBackend(backend)
          .withDevice(device)
          .withThreads(threads)
          .withBatch(batch)
          .withMaxPixels(maxPixels)
          .withApplyOrientation(!noOrientation)
          .withImageSize(imageSize)
          .withPrecision(precision);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(command.commandLine(), outOfRange.getMessage(), outOfRange);
    }
  }

  /** The model's name without where it is. */
  String shortName() {
    return source.shortName();
  }

  /** Opens the checkpoint alone: nothing runs it. */
  Checkpoint openCheckpoint(PrintWriter notes) {
    return source.open(notes);
  }

  /** Whether the sources of kernels are asked for. */
  boolean printsKernels() {
    return printKernels != null;
  }

  /**
   * Loads the model and says on standard error what runs it; writes kernel sources if they are
   * asked for.
   */
  VisionModel load(PrintWriter notes) {
    return load(options(), notes);
  }

  /** As {@link #load(PrintWriter)}, in a precision. */
  VisionModel load(Precision precision, PrintWriter notes) {
    return load(options(precision), notes);
  }

  private VisionModel load(ModelOptions options, PrintWriter notes) {
    VisionModel loaded = open(options, notes);
    Path folder = printKernels;
    if (folder != null) {
      try {
        loaded.session().writeKernelSources(folder, batch);
      } catch (RuntimeException | Error failure) {
        loaded.close();
        throw failure;
      }
      notes.println("kernels: written to " + folder);
    }
    return loaded;
  }

  private VisionModel open(ModelOptions options, PrintWriter notes) {
    if (printKernels != null) {
      Backends.keepKernelSources(temporaryFile());
    }
    VisionModel loaded = source.load(options, notes);
    if (source.isDemo()) {
      notes.println(
          "model: embedded demo ViT (drawn faces, with or without a mask); --model for another");
    }
    loaded.notes().forEach(note -> notes.println("note: " + note));
    if (imageSize != null) {
      notes.println("image size: " + describe(loaded.config()));
    }
    notes.println("device: " + loaded.session().device() + ", " + loaded.session().reason());
    notes.flush();
    return loaded;
  }

  private static String describe(VisionConfig config) {
    Extent size = config.imageSize();
    Extent patch = config.patchSize();
    Extent rest = new Extent(size.height() % patch.height(), size.width() % patch.width());
    String unseen =
        rest.height() + rest.width() == 0
            ? ""
            : "; the last %d rows and %d columns of pixels belong to none and are not seen"
                .formatted(rest.height(), rest.width());
    return "%s, %s patches of %s%s".formatted(size, config.grid(), patch, unseen);
  }

  private static Path temporaryFile() {
    try {
      Path file = Files.createTempFile("tornado-vit-kernels", ".txt");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
