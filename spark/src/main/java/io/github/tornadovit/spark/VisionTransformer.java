package io.github.tornadovit.spark;

import io.github.tornadovit.base.Precision;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What {@link VisionClassifier} and {@link VisionEmbedder} have in common: which model, which
 * images, and what becomes of those that cannot be read.
 *
 * <p>All columns stay, those of the answers follow. Rows keep their order and their partition.
 *
 * @param <T> the transformer itself, which its setters return
 */
public abstract sealed class VisionTransformer<T extends VisionTransformer<T>> extends Transformer
    implements DefaultParamsWritable permits VisionClassifier, VisionEmbedder {
  private static final long serialVersionUID = 1L;

  /** A column of this name, if there is one, names images in messages. */
  private static final String NAMES = "path";

  private final String uid;
  private final Param<String> model;
  private final Param<String> inputCol;
  private final Param<String> errorCol;
  private final Param<String> handleInvalid;
  private final Param<String> precision;
  private final IntParam batchSize;
  private final IntParam imageSize;
  private final Param<String> device;

  VisionTransformer(String uid) {
    this.uid = uid;
    model =
        new Param<>(
            this,
            "model",
            "folder on every executor, name of an archive of the job, organisation/name of the hub,"
                + " or demo:vit");
    inputCol =
        new Param<>(
            this, "inputCol", "images: bytes of files, paths, or the source image's struct");
    errorCol = new Param<>(this, "errorCol", "why an image could not be read; empty for none");
    handleInvalid =
        new Param<>(
            this,
            "handleInvalid",
            "rows whose image cannot be read: keep (answers are null), skip, or error (the job fails)",
            ParamValidators.inArray(InvalidImages.labels()));
    precision =
        new Param<>(
            this,
            "precision",
            "of the matrix products: " + Precision.labels(),
            ParamValidators.inArray(Stream.of(Precision.values()).map(Precision::label).toList()));
    batchSize =
        new IntParam(
            this,
            "batchSize",
            "images of a forward pass at most",
            ParamValidators.inRange(1, 1024));
    imageSize =
        new IntParam(
            this,
            "imageSize",
            "side in pixels that images are brought to; 0 for the checkpoint's",
            ParamValidators.inRange(0, 1 << 14));
    device =
        new Param<>(
            this,
            "device",
            "of TornadoVM, a number or a part of a name; empty for the GPU that Spark gives the task,"
                + " or else the engine's choice");
    setDefault(inputCol, "content");
    setDefault(errorCol, "error");
    setDefault(handleInvalid, InvalidImages.KEEP.label());
    setDefault(precision, Precision.F32.label());
    setDefault(batchSize, 8);
    setDefault(imageSize, 0);
    setDefault(device, "");
  }

  /** This object as its own type. */
  abstract T self();

  /** What it says of images. */
  abstract ImageAnswers answers();

  @Override
  public String uid() {
    return uid;
  }

  /** The parameter that says which model; it has no default. */
  public Param<String> model() {
    return model;
  }

  /** The column of images. */
  public Param<String> inputCol() {
    return inputCol;
  }

  /** The column of errors. */
  public Param<String> errorCol() {
    return errorCol;
  }

  /** What becomes of a row whose image cannot be read. */
  public Param<String> handleInvalid() {
    return handleInvalid;
  }

  /** The precision of the matrix products. */
  public Param<String> precision() {
    return precision;
  }

  /** Images of a forward pass at most. */
  public IntParam batchSize() {
    return batchSize;
  }

  /** The side that images are brought to. */
  public IntParam imageSize() {
    return imageSize;
  }

  /** The device of TornadoVM. */
  public Param<String> device() {
    return device;
  }

  /**
   * Sets the model: a folder that every executor sees under this path; the name of an archive or a
   * folder that came with the job ({@code --archives vit.tar.gz#vit}); {@code organisation/name} of
   * the hub, best with {@code @commit}, which each machine brings into its cache; {@code demo:vit}
   * or {@code demo:beit}, which are embedded. Required.
   */
  public T setModel(String model) {
    set(this.model, model);
    return self();
  }

  /**
   * Sets the column of images; default {@code content}, as the source {@code binaryFile} has it.
   */
  public T setInputCol(String column) {
    set(inputCol, column);
    return self();
  }

  /** Sets the column of errors, empty for none; default {@code error}. */
  public T setErrorCol(String column) {
    set(errorCol, column);
    return self();
  }

  /**
   * Sets what becomes of a row whose image cannot be read: {@code keep}, the default, with nulls
   * for answers and the reason in the column of errors; {@code skip}; {@code error}, which fails
   * the job.
   */
  public T setHandleInvalid(String handling) {
    set(handleInvalid, handling);
    return self();
  }

  /**
   * Sets the precision of the matrix products: {@code f32}, the default, {@code bf16}, {@code
   * int8}.
   */
  public T setPrecision(String label) {
    set(precision, label);
    return self();
  }

  /** Sets the images of a forward pass, 1 to 1024; default 8. */
  public T setBatchSize(int images) {
    set(batchSize, images);
    return self();
  }

  /** Sets the side in pixels that images are brought to; default 0, the checkpoint's. */
  public T setImageSize(int side) {
    set(imageSize, side);
    return self();
  }

  /** Sets the device of TornadoVM; default empty, the GPU of the task or the engine's choice. */
  public T setDevice(String device) {
    set(this.device, device);
    return self();
  }

  /**
   * The columns of the input, and those of the answers behind them.
   *
   * @throws IllegalArgumentException if there is no column of images, or one has the name of an
   *     answer
   */
  @Override
  public StructType transformSchema(StructType schema) {
    ImageInput.of(schema, $(inputCol));
    StructType out = schema;
    Set<String> names = new HashSet<>(Arrays.asList(schema.fieldNames()));
    for (StructField column : added()) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException(
            "there is a column '%s' already; name the answer's otherwise, or drop it"
                .formatted(column.name()));
      }
      out = out.add(column);
    }
    return out;
  }

  private List<StructField> added() {
    Stream<StructField> error =
        Stream.of($(errorCol))
            .filter(name -> !name.isEmpty())
            .map(name -> DataTypes.createStructField(name, DataTypes.StringType, true));
    return Stream.concat(answers().columns().stream(), error).toList();
  }

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType out = transformSchema(schema);
    PartitionRun run =
        partitionRun(
            dataset.sparkSession().sparkContext(),
            VisionMetrics.of(dataset.sparkSession()),
            ImageInput.of(schema, $(inputCol)),
            schema.fieldIndex($(inputCol)),
            Arrays.asList(schema.fieldNames()).indexOf(NAMES));
    return dataset.toDF().mapPartitions(run, Encoders.row(out));
  }

  /** The same for one image, as a function of SQL. */
  ImageFunction function(SparkSession session) {
    if ($(handleInvalid).equals(InvalidImages.SKIP.label())) {
      throw new IllegalArgumentException(
          "handleInvalid is skip, and a function cannot skip a row; set keep or error");
    }
    return new ImageFunction(
        partitionRun(session.sparkContext(), VisionMetrics.of(session), ImageInput.CONTENT, 0, -1));
  }

  StructType functionType() {
    return DataTypes.createStructType(added());
  }

  private PartitionRun partitionRun(
      SparkContext context, VisionMetrics metrics, ImageInput kind, int input, int name) {
    return new PartitionRun(
        spec(),
        answers(),
        kind,
        input,
        name,
        InvalidImages.of($(handleInvalid)),
        !$(errorCol).isEmpty(),
        metrics,
        SerializableConfiguration.broadcast(context));
  }

  private ModelSpec spec() {
    if (!isDefined(model)) {
      throw new IllegalArgumentException(
          "no model is set; setModel takes a folder, the name of an archive of the job, or"
              + " organisation/name of the hub");
    }
    return new ModelSpec(
        $(model),
        Precision.of($(precision)).orElseThrow(),
        (int) $(batchSize),
        (int) $(imageSize),
        $(device));
  }

  @Override
  public T copy(ParamMap extra) {
    return defaultCopy(extra);
  }
}
