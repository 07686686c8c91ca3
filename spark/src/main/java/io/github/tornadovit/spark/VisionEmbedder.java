package io.github.tornadovit.spark;

import io.github.tornadovit.engine.Pooling;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Computes features of images: adds a vector, as an array of floats or as a vector of Spark ML or
 * both, and why an image could not be read.
 *
 * <pre>{@code
 * Dataset<Row> images = spark.read().format("binaryFile").load("hdfs:///photos");
 * VisionEmbedder embedder =
 *     new VisionEmbedder().setModel("facebook/dinov2-base").setVectorCol("features");
 * Pipeline clusters = new Pipeline().setStages(new PipelineStage[] {embedder, new KMeans().setK(20)});
 * }</pre>
 *
 * <p>Columns: {@code embedding} array of float, and, where it is named, a vector of the same
 * numbers as doubles. With the pooling {@code tokens} it is all vectors, one behind the other.
 */
public final class VisionEmbedder extends VisionTransformer<VisionEmbedder> {
  private static final long serialVersionUID = 1L;

  private final Param<String> outputCol;
  private final Param<String> vectorCol;
  private final Param<String> pooling;
  private final IntParam layer;
  private final BooleanParam normalize;

  /** An embedder with defaults; it needs a model. */
  public VisionEmbedder() {
    this(Identifiable$.MODULE$.randomUID("visionEmbedder"));
  }

  /** As {@link #VisionEmbedder()}, with a name of its own in pipelines. */
  public VisionEmbedder(String uid) {
    super(uid);
    outputCol = new Param<>(this, "outputCol", "the feature as array<float>; empty for none");
    vectorCol =
        new Param<>(this, "vectorCol", "the feature as a vector of Spark ML; empty for none");
    List<String> poolings =
        Stream.concat(Stream.of(""), Stream.of(Pooling.values()).map(Pooling::label)).toList();
    pooling =
        new Param<>(
            this,
            "pooling",
            "cls, mean, pooled, pooler, projection or tokens; empty for cls, or mean of a model that"
                + " has no class token",
            ParamValidators.inArray(poolings));
    layer =
        new IntParam(
            this,
            "layer",
            "hidden state that is pooled: 0 for the embeddings, i for block i; -1 for the last",
            ParamValidators.gtEq(-1));
    normalize =
        new BooleanParam(this, "normalize", "whether a vector is divided by its Euclidean length");
    setDefault(outputCol, "embedding");
    setDefault(vectorCol, "");
    setDefault(pooling, "");
    setDefault(layer, -1);
    setDefault(normalize, false);
  }

  @Override
  VisionEmbedder self() {
    return this;
  }

  @Override
  ImageAnswers answers() {
    return new FeatureAnswers(
        $(outputCol), $(vectorCol), $(pooling), (int) $(layer), (boolean) $(normalize));
  }

  /** The column of the feature as an array. */
  public Param<String> outputCol() {
    return outputCol;
  }

  /** The column of the feature as a vector of Spark ML. */
  public Param<String> vectorCol() {
    return vectorCol;
  }

  /** How tokens become the feature. */
  public Param<String> pooling() {
    return pooling;
  }

  /** The hidden state that is pooled. */
  public IntParam layer() {
    return layer;
  }

  /** Whether vectors are normalised. */
  public BooleanParam normalize() {
    return normalize;
  }

  /**
   * Sets the column of the feature as {@code array<float>}, empty for none; default {@code
   * embedding}.
   */
  public VisionEmbedder setOutputCol(String column) {
    set(outputCol, column);
    return this;
  }

  /** Sets the column of the feature as a vector of Spark ML; default empty, none. */
  public VisionEmbedder setVectorCol(String column) {
    set(vectorCol, column);
    return this;
  }

  /**
   * Sets the pooling by its {@linkplain Pooling#label label}; default empty, {@code cls}, or {@code
   * mean} of a model that has no class token.
   */
  public VisionEmbedder setPooling(String label) {
    set(pooling, label);
    return this;
  }

  /** Sets the hidden state that is pooled, as {@code Feature.layer}; default -1, the last. */
  public VisionEmbedder setLayer(int number) {
    set(layer, number);
    return this;
  }

  /** Sets whether a vector is divided by its Euclidean length; default false. */
  public VisionEmbedder setNormalize(boolean normalized) {
    set(normalize, normalized);
    return this;
  }

  /** Reads what {@code write()} wrote; pipelines look for it by name. */
  public static MLReader<VisionEmbedder> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads an embedder from a path. */
  public static VisionEmbedder load(String path) {
    return read().load(path);
  }
}
