package io.github.tornadovit.spark;

import org.apache.spark.sql.SparkSession;

/**
 * Functions of SQL that classify and embed images, one at a time: for queries; whole data sets are
 * faster through the transformers where a GPU takes them in batches.
 *
 * <pre>{@code
 * VisionFunctions.register(spark, "classify", new VisionClassifier().setModel("demo:vit"));
 * spark.sql("SELECT path, c.label FROM (SELECT path, classify(content) AS c FROM photos)");
 * }</pre>
 */
public final class VisionFunctions {
  private VisionFunctions() {}

  /**
   * Registers a function of a session. It takes an image as the transformer's input column does,
   * and gives a struct of the transformer's columns.
   *
   * @param name of the function
   * @param transformer the model and what it says
   * @throws IllegalArgumentException if the transformer skips rows, which a function cannot
   */
  public static void register(SparkSession session, String name, VisionTransformer<?> transformer) {
    session.udf().register(name, transformer.function(session), transformer.functionType());
  }
}
