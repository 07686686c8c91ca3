package io.github.tornadovit.fuzz;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.cli.serve.RequestTarget;
import io.github.tornadovit.engine.evaluation.DataSetException;
import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.probe.FeatureCacheTarget;
import io.github.tornadovit.hub.HubAnswerTarget;
import io.github.tornadovit.hub.HubException;
import io.github.tornadovit.spark.ImageColumnTarget;
import io.github.tornadovit.spark.ParamsTarget;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/** Every reader of untrusted bytes, with its contract and where real inputs of it are. */
@SuppressWarnings("ImmutableEnumChecker") // Suppliers without state.
public enum Target {
  SAFETENSORS_HEADER(SafetensorsHeaderTarget::new, Limits.HEADER),
  SAFETENSORS_FILE(SafetensorsFileTarget::new, Limits.WEIGHTS),
  TORCH_ZIP(PytorchFileTarget::new, Limits.WEIGHTS),
  TORCH_LEGACY(PytorchFileTarget::new, Limits.WEIGHTS),
  PICKLE(PickleTarget::new, Limits.WEIGHTS),
  CONFIG(
      () -> new CheckpointTarget("config.json", "model.safetensors"),
      Limits.CONFIG,
      "engine/src/test/resources/golden/configs/*/config.json"),
  PREPROCESSOR(
      () -> new CheckpointTarget("preprocessor_config.json", "config.json", "model.safetensors"),
      Limits.CONFIG,
      "engine/src/test/resources/golden/configs/*/preprocessor_config.json"),
  PROCESSOR(
      () -> new CheckpointTarget("processor_config.json", "config.json", "model.safetensors"),
      Limits.CONFIG,
      "engine/src/test/resources/golden/configs/*/processor_config.json"),
  SHARD_INDEX(
      () ->
          new CheckpointTarget(
              "model.safetensors.index.json",
              "config.json",
              "model-00001-of-00002.safetensors",
              "model-00002-of-00002.safetensors"),
      Limits.CONFIG),
  IMAGE_JPEG(ImageTarget::new, Limits.IMAGE, Limits.IMAGES + "jpeg-*"),
  IMAGE_PNG(ImageTarget::new, Limits.IMAGE, Limits.IMAGES + "png-*"),
  IMAGE_GIF(ImageTarget::new, Limits.IMAGE, Limits.IMAGES + "gif-*"),
  IMAGE_BMP(ImageTarget::new, Limits.IMAGE, Limits.IMAGES + "bmp-*"),
  IMAGE_WEBP(ImageTarget::new, Limits.IMAGE, Limits.IMAGES + "webp-*"),
  IMAGE_TIFF(ImageTarget::new, Limits.IMAGE, Limits.IMAGES + "tiff-*"),
  IMAGE_PNM(ImageTarget::new, Limits.IMAGE, Limits.IMAGES + "pnm-*"),
  LABELS(LabelsTarget::new, new Contract(DataSetException.class, 1 << 20, 1024)),
  PROBE(ProbeTarget::ofJson, Limits.CONFIG),
  PROBE_TENSORS(ProbeTarget::ofTensors, Limits.CONFIG),
  FEATURE_CACHE(FeatureCacheTarget::new, Limits.CONFIG),
  REPORT(ReportTarget::ofResult, Limits.REPORT),
  HISTORY(ReportTarget::ofHistory, Limits.REPORT),
  HUB_ANSWER(HubAnswerTarget::new, new Contract(HubException.class, 1 << 20, 512)),
  REQUEST_FORM(RequestTarget::ofForm, Limits.REQUEST),
  REQUEST_HUGGING_FACE(RequestTarget::ofHuggingFace, Limits.REQUEST),
  REQUEST_INFER(RequestTarget::ofInfer, Limits.REQUEST),
  FAMILY(FamilyTarget::ofTexts, Limits.FAMILY, Limits.MODELS + "family/*"),
  TIMM(FamilyTarget::ofTexts, Limits.FAMILY, Limits.MODELS + "timm/*"),
  EDITS(FamilyTarget::ofEdits, Limits.FAMILY),
  // Lambdas, so that the other targets run where Spark is not on the class path.
  SPARK_PARAMS(
      () -> new ParamsTarget(), new Contract(IllegalArgumentException.class, 1 << 20, 1024)),
  SPARK_IMAGE(() -> new ImageColumnTarget(), new Contract(ImageException.class, 1 << 20, 64));

  private final Supplier<FuzzTarget> reader;
  private final Contract contract;
  private final String[] seeds;

  Target(Supplier<FuzzTarget> reader, Contract contract, String... seeds) {
    this.reader = reader;
    this.contract = contract;
    this.seeds = seeds;
  }

  /** The name on command lines and of folders: {@code torch-zip}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether its reader is one of the module for Spark. */
  boolean isOfSpark() {
    return id().startsWith("spark-");
  }

  /** The target of a name. */
  static Target of(String id) {
    return Arrays.stream(values())
        .filter(target -> target.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'%s' is no target, expected one of %s"
                        .formatted(id, Arrays.stream(values()).map(Target::id).toList())));
  }

  /** Files of other modules that are seeds of this target: globs from the repository's root. */
  String[] seeds() {
    return seeds.clone();
  }

  /** A reader with a folder of its own. */
  FuzzTarget reader() {
    return reader.get();
  }

  /** A reader with a folder of its own, held to its contract. */
  public Checked open() {
    FuzzTarget opened = reader();
    return input -> contract.check(opened, input);
  }

  /** A target with its contract. */
  @FunctionalInterface
  public interface Checked {
    /**
     * Reads an input and fails where the contract is broken.
     *
     * @throws Exception what the reader does not document
     */
    void check(byte[] input) throws Exception;
  }

  /** Measured on the seeds and on what was found, with a margin; in bytes of heap. */
  private static final class Limits {
    static final String IMAGES = "engine/src/test/resources/golden/images/decode/";
    static final String MODELS = "fuzz/src/main/resources/io/github/tornadovit/fuzz/models/";
    static final Contract HEADER = new Contract(CheckpointException.class, 1 << 18, 1024);
    static final Contract WEIGHTS = new Contract(CheckpointException.class, 1 << 20, 1024);

    /** Of which four fifths are Jazzer's: it copies each text that is compared. */
    static final Contract CONFIG = new Contract(CheckpointException.class, 8 << 20, 1024);

    static final Contract FAMILY = new Contract(CheckpointException.class, 64 << 20, 1024);
    static final Contract IMAGE =
        new Contract(ImageException.class, (8 << 20) + 128L * ImageTarget.MAX_PIXELS, 256);
    static final Contract REQUEST = new Contract(RequestTarget.REFUSAL, 1 << 20, 64);
    static final Contract REPORT = new Contract(ReportTarget.Refused.class, 16 << 20, 4096);
  }
}
