package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.base.tensor.DType;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.engine.MemoryEstimate;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.Mlp;
import io.github.tornadovit.weights.config.Positions;
import io.github.tornadovit.weights.config.SelfAttention;
import io.github.tornadovit.weights.config.SelfAttention.BiasTable;
import io.github.tornadovit.weights.config.VisionConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code inspect}: what a checkpoint is, and what running it takes. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Print what a checkpoint is: architecture, sizes, tensors, memory needed.")
final class InspectCommand implements Callable<Integer> {
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
    VisionConfig config = checkpoint.config();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("model", checkpoint.name());
    facts.put(
        "files",
        checkpoint.files().stream()
            .map(file -> "%s (%s, %d bytes)".formatted(file.name(), file.format(), file.bytes()))
            .toList());
    facts.put("architecture", config.architecture().toString());
    facts.put("head", config.head().toString());
    facts.put("labels", config.labels());
    facts.put("scores", config.problemType().toString());
    facts.put("image_size", config.imageSize().toString());
    facts.put("patch_size", config.patchSize().toString());
    facts.put("channels", config.channels());
    facts.put("tokens", config.tokens());
    facts.put("hidden_size", config.hiddenSize());
    facts.put("layers", config.layers());
    facts.put("heads", config.heads());
    facts.put("mlp_size", config.encoder().mlp().size());
    facts.put("activation", activation(config.encoder().mlp()));
    facts.put("positions", positions(config));
    facts.put("preprocessing", checkpoint.preprocessor().steps());
    facts.put("notes", checkpoint.notes());
    MemoryEstimate estimate = MemoryEstimate.of(checkpoint.weights(), batch, precision);
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

  private static String activation(Mlp mlp) {
    return switch (mlp) {
      case Mlp.Plain plain -> plain.activation().toString();
      case Mlp.Gated gated -> gated.activation() + ", gated";
    };
  }

  private static String positions(VisionConfig config) {
    List<String> present = new ArrayList<>();
    switch (config.encoder().embeddings().positions()) {
      case Positions.None _ -> {}
      case Positions.Learned _ -> present.add("absolute");
      case Positions.Rotary _ -> present.add("rotary");
    }
    SelfAttention attention = config.encoder().attention();
    if (attention.has(BiasTable.PER_BLOCK)) {
      present.add("relative per block");
    }
    if (attention.has(BiasTable.SHARED)) {
      present.add("relative shared by all blocks");
    }
    return present.isEmpty() ? "none" : String.join(", ", present);
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

  private static List<List<String>> rows(Map<String, Object> facts) {
    return facts.entrySet().stream()
        .flatMap(
            fact ->
                fact.getValue() instanceof List<?> values && values.size() > 1
                    ? values.stream().map(value -> List.of(fact.getKey(), value.toString()))
                    : Stream.of(List.of(fact.getKey(), text(fact.getValue()))))
        .toList();
  }

  private static String text(Object value) {
    return value instanceof List<?> values
        ? values.isEmpty() ? "none" : values.getFirst().toString()
        : value.toString();
  }
}
