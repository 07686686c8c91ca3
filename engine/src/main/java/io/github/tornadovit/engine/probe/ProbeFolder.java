package io.github.tornadovit.engine.probe;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.base.Precision;
import io.github.tornadovit.base.file.Sha256;
import io.github.tornadovit.base.file.WholeFile;
import io.github.tornadovit.base.tensor.Shape;
import io.github.tornadovit.base.tensor.TensorView;
import io.github.tornadovit.engine.Feature;
import io.github.tornadovit.engine.Pooling;
import io.github.tornadovit.engine.probe.TrainedProbe.Trial;
import io.github.tornadovit.weights.config.VisionConfig.Extent;
import io.github.tornadovit.weights.file.CheckpointFolder;
import io.github.tornadovit.weights.json.JsonObject;
import io.github.tornadovit.weights.safetensors.SafetensorsFile;
import io.github.tornadovit.weights.safetensors.SafetensorsWriter;
import io.github.tornadovit.weights.safetensors.SafetensorsWriter.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The two files of a probe; the package describes them. */
final class ProbeFolder {
  private static final String JSON = "probe.json";
  private static final String TENSORS = "probe.safetensors";
  private static final String FORMAT = "tornado-vit linear probe";
  private static final int VERSION = 1;
  private static final int MAX_SIDE = 1 << 16;

  private ProbeFolder() {}

  /** The description names the content of the tensors that it is for, and goes last. */
  static void write(TrainedProbe trained, Path folder) throws IOException {
    Files.createDirectories(folder);
    LinearProbe probe = trained.probe();
    Standardization standardization = probe.standardization();
    int classes = probe.labels().size();
    int width = standardization.mean().length;
    ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        tensors,
        Map.of("format", FORMAT),
        List.of(
            new Tensor("mean", Shape.of(width), standardization.mean()),
            new Tensor("std", Shape.of(width), standardization.std()),
            new Tensor("weight", Shape.of(classes, width), probe.weight()),
            new Tensor("bias", Shape.of(classes), probe.bias())));
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("format", FORMAT);
    facts.put("version", VERSION);
    facts.put("labels", probe.labels());
    facts.put("feature", facts(probe.source()));
    facts.put("tensors_sha256", Sha256.of(MemorySegment.ofArray(tensors.toByteArray())));
    facts.put("training", facts(trained));
    byte[] json =
        JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build()
            .writeValueAsBytes(facts);
    Map<Path, WholeFile.Content> files = new LinkedHashMap<>();
    files.put(folder.resolve(TENSORS), tensors::writeTo);
    files.put(folder.resolve(JSON), target -> target.write(json));
    WholeFile.writeAll(files);
  }

  private static Map<String, Object> facts(FeatureSource source) {
    Feature feature = source.feature();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("pooling", feature.pooling().label());
    facts.put("layer", feature.layer());
    facts.put("normalize", feature.normalized());
    facts.put("checkpoint", source.checkpoint());
    facts.put("checkpoint_sha256", source.checkpointSha256());
    facts.put("image_size", List.of(source.imageSize().height(), source.imageSize().width()));
    facts.put("apply_orientation", source.applyOrientation());
    facts.put("precision", source.precision().label());
    return facts;
  }

  private static Map<String, Object> facts(TrainedProbe trained) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("images", trained.images());
    facts.put("validation_images", trained.validationImages());
    facts.put("seed", trained.options().seed());
    facts.put("c", trained.chosen().c());
    facts.put("objective", trained.objective());
    facts.put("converged", trained.converged());
    facts.put("accuracy", trained.accuracy());
    facts.put("loss", trained.loss());
    facts.put("trials", trained.trials().stream().map(ProbeFolder::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(Trial trial) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("c", trial.c());
    facts.put("validation_accuracy", trial.accuracy());
    facts.put("validation_loss", trial.loss());
    facts.put("iterations", trial.iterations());
    facts.put("converged", trial.converged());
    return facts;
  }

  static LinearProbe read(Path path) {
    try (Arena arena = Arena.ofShared()) {
      CheckpointFolder folder = new CheckpointFolder(path, path.toString(), arena);
      try {
        LinearProbe probe = read(folder);
        folder.requireUnchanged();
        return probe;
      } catch (RuntimeException | Error failure) {
        folder.blame(failure);
        throw failure;
      }
    }
  }

  private static LinearProbe read(CheckpointFolder folder) {
    if (!folder.has(JSON)) {
      throw new CheckpointException(
          folder.name(), "has no " + JSON + ", expected the folder that probe train wrote");
    }
    JsonObject json = JsonObject.read(folder, JSON);
    if (!FORMAT.equals(json.text("format"))) {
      throw json.wrong("format", '"' + FORMAT + '"');
    }
    json.integer("version", 0, VERSION, VERSION);
    List<String> labels = json.texts("labels");
    if (labels.size() < 2) {
      throw json.wrong("labels", "two class names or more");
    }
    FeatureSource source = source(json.object("feature"));
    String expected = required(json, "tensors_sha256");
    MemorySegment bytes = folder.map(TENSORS);
    if (!Sha256.of(bytes).equals(expected)) {
      throw new CheckpointException(
          folder.where(TENSORS),
          "is not the file that " + JSON + " describes: it is damaged, or of another probe");
    }
    return probe(folder, source, labels);
  }

  private static LinearProbe probe(
      CheckpointFolder folder, FeatureSource source, List<String> labels) {
    Map<String, TensorView> tensors = SafetensorsFile.open(folder, TENSORS).tensors();
    TensorView mean = tensors.get("mean");
    int width = mean == null ? 0 : Math.toIntExact(mean.shape().elements());
    int classes = labels.size();
    float[] std = values(folder, tensors, "std", Shape.of(width));
    for (float deviation : std) {
      if (deviation <= 0) {
        throw new CheckpointException(
            folder.where(TENSORS),
            "tensor 'std' holds %s, expected numbers above 0: features are divided by them; train the probe again"
                .formatted(deviation));
      }
    }
    Standardization standardization =
        new Standardization(values(folder, tensors, "mean", Shape.of(width)), std);
    return new LinearProbe(
        folder.name(),
        source,
        labels,
        standardization,
        values(folder, tensors, "weight", Shape.of(classes, width)),
        values(folder, tensors, "bias", Shape.of(classes)));
  }

  private static float[] values(
      CheckpointFolder folder, Map<String, TensorView> tensors, String name, Shape shape) {
    TensorView tensor = tensors.get(name);
    if (tensor == null) {
      throw new CheckpointException(folder.where(TENSORS), "has no tensor '" + name + "'");
    }
    if (!tensor.dtype().isFloat()) {
      throw new CheckpointException(
          folder.where(TENSORS),
          "tensor '%s' has type %s, expected floats".formatted(name, tensor.dtype()));
    }
    if (!tensor.shape().equals(shape)) {
      throw new CheckpointException(
          folder.where(TENSORS),
          "tensor '%s' has shape %s, expected %s".formatted(name, tensor.shape(), shape));
    }
    float[] values = tensor.toArray();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new CheckpointException(
            folder.where(TENSORS), "tensor '%s' holds %s".formatted(name, value));
      }
    }
    return values;
  }

  private static FeatureSource source(JsonObject json) {
    Pooling pooling;
    try {
      pooling = Pooling.valueOf(required(json, "pooling").toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw json.wrong("pooling", "\"cls\", \"mean\", \"pooled\", \"pooler\" or \"projection\"");
    }
    Integer layer =
        json.holds("layer") ? (Integer) json.integer("layer", 0, 0, Integer.MAX_VALUE) : null;
    if (layer != null && !pooling.ofAnyLayer()) {
      throw json.wrong("layer", "null because pooling is " + pooling.label());
    }
    return new FeatureSource(
        required(json, "checkpoint"),
        required(json, "checkpoint_sha256"),
        json.extent("image_size", new Extent(0, 0), MAX_SIDE),
        json.bool("apply_orientation", true),
        precision(json),
        new Feature(pooling, layer, json.bool("normalize", false)));
  }

  /** Probes of earlier versions name none. */
  private static Precision precision(JsonObject json) {
    if (!json.holds("precision")) {
      return Precision.F32;
    }
    return Precision.of(required(json, "precision"))
        .orElseThrow(() -> json.wrong("precision", "one of " + Precision.labels()));
  }

  private static String required(JsonObject json, String key) {
    if (!json.holds(key)) {
      throw json.wrong(key, "a string");
    }
    return Objects.requireNonNull(json.text(key));
  }
}
