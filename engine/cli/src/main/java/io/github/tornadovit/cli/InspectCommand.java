package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.engine.ImageSize;
import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code inspect}: what a checkpoint is, and what running it takes. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Print what a checkpoint is: where it is from, its parts, its poolings, what was assumed of"
            + " it, tensors, memory needed.")
final class InspectCommand implements Callable<Integer> {
  /** Of which a table shows this many. */
  private static final int MANY_LABELS = 10;

  private static final Set<String> IN_ONE_ROW =
      Set.of("files_read", "poolings", "prefix_tokens", "qkv_biases", "defaults");

  @Mixin private ModelSource model = new ModelSource();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Batch that the memory is computed for; default: ${DEFAULT-VALUE}.")
  private int batch = 8;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      converter = PrecisionConverter.class,
      description = "Precision that the memory is computed for; default: f32.")
  private Precision precision = Precision.F32;

  @Option(
      names = "--image-size",
      paramLabel = "N|HxW",
      converter = ImageSizeConverter.class,
      description =
          "Pixels that images are brought to, as for classify; default: the checkpoint's.")
  private @Nullable Extent imageSize;

  @Option(names = "--tensors", description = "List every tensor.")
  private boolean tensors;

  @Mixin private TableOrJson format = new TableOrJson();

  @Spec private CommandSpec spec;

  InspectCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (Checkpoint checkpoint = model.open(spec.commandLine().getErr())) {
      Map<String, Object> facts = facts(checkpoint);
      switch (format.chosen()) {
        case JSON -> Json.print(facts, out);
        case TABLE -> Table.print(rows(facts), out);
      }
      out.flush();
    }
    return 0;
  }

  private Map<String, Object> facts(Checkpoint checkpoint) {
    ImageSize run = ImageSize.of(checkpoint, imageSize);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", checkpoint.name());
    if (!model.isDemo()) {
      facts.put("folder", checkpoint.path().toString());
    }
    checkpoint
        .hubOrigin()
        .ifPresent(
            origin -> {
              facts.put("hub_model", origin.model());
              facts.put("hub_revision", origin.revision());
            });
    facts.put("files_read", checkpoint.filesRead());
    facts.put(
        "files",
        checkpoint.files().stream()
            .map(file -> "%s (%s, %d bytes)".formatted(file.name(), file.format(), file.bytes()))
            .toList());
    facts.putAll(ModelFacts.of(checkpoint.config(), run.size()));
    facts.put("preprocessing", run.preprocessing().steps());
    facts.put("notes", checkpoint.notes());
    facts.put(
        "defaults",
        checkpoint.defaults().entrySet().stream()
            .map(key -> key.getKey() + "=" + key.getValue())
            .toList());
    MemoryEstimate estimate = MemoryEstimate.of(checkpoint.weights(), run.size(), batch, precision);
    List<TensorView> unread = checkpoint.unread();
    facts.put("parameters", parameters(checkpoint, unread));
    facts.put("dtypes", dtypes(checkpoint));
    facts.put("tensors_read", checkpoint.tensors().size() - unread.size());
    facts.put("tensors_unread", unread.stream().map(TensorView::name).toList());
    facts.put("gflop_per_image", estimate.flopsPerImage() / 1e9);
    facts.put("precision", precision.label());
    facts.put("weights_bytes", estimate.weightBytes());
    facts.put("activations_bytes_at_batch_" + batch, estimate.activationBytes());
    if (tensors) {
      facts.put(
          "tensors",
          checkpoint.tensors().values().stream()
              .map(tensor -> tensor.name() + " " + tensor.dtype() + " " + tensor.shape())
              .toList());
    }
    return facts;
  }

  private static long parameters(Checkpoint checkpoint, List<TensorView> unread) {
    return checkpoint.tensors().values().stream()
        .filter(tensor -> !unread.contains(tensor))
        .mapToLong(tensor -> tensor.shape().elements())
        .sum();
  }

  private static Map<String, Integer> dtypes(Checkpoint checkpoint) {
    Map<DType, Integer> counts = new TreeMap<>();
    checkpoint.tensors().values().forEach(tensor -> counts.merge(tensor.dtype(), 1, Integer::sum));
    Map<String, Integer> named = new LinkedHashMap<>();
    counts.forEach((dtype, count) -> named.put(dtype.toString(), count));
    return named;
  }

  /** A row per fact, or per entry of a list. */
  private static List<List<String>> rows(Map<String, Object> facts) {
    return facts.entrySet().stream()
        .flatMap(
            fact ->
                fact.getValue() instanceof List<?> values && values.size() > 1
                    ? lines(fact.getKey(), values).map(value -> List.of(fact.getKey(), value))
                    : Stream.of(List.of(fact.getKey(), text(fact.getValue()))))
        .toList();
  }

  private static Stream<String> lines(String key, List<?> values) {
    if (IN_ONE_ROW.contains(key)) {
      return Stream.of(values.stream().map(Object::toString).collect(Collectors.joining(", ")));
    }
    return key.equals("labels") && values.size() > MANY_LABELS
        ? Stream.concat(
            values.stream().limit(MANY_LABELS).map(Object::toString),
            Stream.of("… (%d in all; --format json lists them)".formatted(values.size())))
        : values.stream().map(Object::toString);
  }

  private static String text(Object value) {
    return value instanceof List<?> values
        ? values.isEmpty() ? "none" : values.getFirst().toString()
        : value.toString();
  }
}
