package io.github.tornadovit.spark;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;

/**
 * Classifies images: adds the best class, its score, the best {@code topK} classes, and why an
 * image could not be read.
 *
 * <pre>{@code
 * Dataset<Row> images = spark.read().format("binaryFile").load("hdfs:///photos");
 * Dataset<Row> labels = new VisionClassifier().setModel("google/vit-base-patch16-224").transform(images);
 * labels.select("path", "label", "score", "error").write().parquet("hdfs:///labels");
 * }</pre>
 *
 * <p>Columns: {@code label} string, {@code score} float between 0 and 1, {@code scores} array of
 * struct of {@code id} int, {@code label} string and {@code score} float, best first, {@code error}
 * string. Answers are the engine's, bit for bit.
 */
public final class VisionClassifier extends VisionTransformer<VisionClassifier> {
  private static final long serialVersionUID = 1L;

  private final Param<String> labelCol;
  private final Param<String> scoreCol;
  private final Param<String> scoresCol;
  private final IntParam topK;

  /** A classifier with defaults; it needs a model. */
  public VisionClassifier() {
    this(Identifiable$.MODULE$.randomUID("visionClassifier"));
  }

  /** As {@link #VisionClassifier()}, with a name of its own in pipelines. */
  public VisionClassifier(String uid) {
    super(uid);
    labelCol = new Param<>(this, "labelCol", "the best class; empty for none");
    scoreCol = new Param<>(this, "scoreCol", "the score of the best class; empty for none");
    scoresCol = new Param<>(this, "scoresCol", "the best topK classes; empty for none");
    topK = new IntParam(this, "topK", "classes of scoresCol", ParamValidators.gtEq(1));
    setDefault(labelCol, "label");
    setDefault(scoreCol, "score");
    setDefault(scoresCol, "scores");
    setDefault(topK, 5);
  }

  @Override
  VisionClassifier self() {
    return this;
  }

  @Override
  ImageAnswers answers() {
    return new ClassAnswers($(labelCol), $(scoreCol), $(scoresCol), (int) $(topK));
  }

  /** The column of the best class. */
  public Param<String> labelCol() {
    return labelCol;
  }

  /** The column of the best class's score. */
  public Param<String> scoreCol() {
    return scoreCol;
  }

  /** The column of the best classes. */
  public Param<String> scoresCol() {
    return scoresCol;
  }

  /** How many classes that column has. */
  public IntParam topK() {
    return topK;
  }

  /** Sets the column of the best class, empty for none; default {@code label}. */
  public VisionClassifier setLabelCol(String column) {
    set(labelCol, column);
    return this;
  }

  /** Sets the column of its score, empty for none; default {@code score}. */
  public VisionClassifier setScoreCol(String column) {
    set(scoreCol, column);
    return this;
  }

  /** Sets the column of the best classes, empty for none; default {@code scores}. */
  public VisionClassifier setScoresCol(String column) {
    set(scoresCol, column);
    return this;
  }

  /** Sets how many of the best classes there are, 1 or more; default 5. */
  public VisionClassifier setTopK(int classes) {
    set(topK, classes);
    return this;
  }

  /** Reads what {@code write()} wrote; pipelines look for it by name. */
  public static MLReader<VisionClassifier> read() {
    return new DefaultParamsReader<>();
  }

  /** Reads a classifier from a path. */
  public static VisionClassifier load(String path) {
    return read().load(path);
  }
}
