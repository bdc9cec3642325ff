// Lucene's best honest way to find people by name: the words themselves, fuzzy, by Double Metaphone, their other forms, and, in the
// second of its ways, trigrams. Prints `way <TAB> query <TAB> milliseconds of this thread on a processor <TAB> ids, best first`.
//
// java -cp ... Lucene.java PEOPLE.csv.gz QUERIES.csv FORMS.tsv FOLDER

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.ngram.NGramTokenFilter;
import org.apache.lucene.analysis.phonetic.DoubleMetaphoneFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

public class Lucene {
    /** Names are short: their length tells little. */
    static final BM25Similarity SIMILARITY = new BM25Similarity(1.2f, 0.25f);
    static final int WARM = 300;

    static Analyzer analyzer(String field) {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String name) {
                Tokenizer words = new StandardTokenizer();
                TokenStream plain = new ASCIIFoldingFilter(new LowerCaseFilter(words));
                TokenStream tokens = switch (field) {
                    case "trigrams" -> new NGramTokenFilter(plain, 3, 3, true);
                    case "sounds" -> new DoubleMetaphoneFilter(plain, 6, false);
                    default -> plain;
                };
                return new TokenStreamComponents(words, tokens);
            }
        };
    }

    static final Analyzer ANALYZER =
        new PerFieldAnalyzerWrapper(analyzer("words"), Map.of("trigrams", analyzer("trigrams"), "sounds", analyzer("sounds")));

    static Set<String> tokens(String field, String text) throws IOException {
        Set<String> tokens = new LinkedHashSet<>();
        try (TokenStream stream = ANALYZER.tokenStream(field, text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) tokens.add(term.toString());
            stream.end();
        }
        return tokens;
    }

    static String[] cells(String line) {
        List<String> cells = new ArrayList<>();
        StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (char letter : line.toCharArray()) {
            if (letter == '"') quoted = !quoted;
            else if (letter == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else cell.append(letter);
        }
        cells.add(cell.toString());
        return cells.toArray(new String[0]);
    }

    static void index(Path people, Directory directory) throws IOException {
        IndexWriterConfig config = new IndexWriterConfig(ANALYZER).setRAMBufferSizeMB(256).setSimilarity(SIMILARITY);
        try (IndexWriter writer = new IndexWriter(directory, config);
            BufferedReader rows = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(new FileInputStream(people.toFile())), StandardCharsets.UTF_8))) {
            rows.readLine();
            for (String line = rows.readLine(); line != null; line = rows.readLine()) {
                String[] row = cells(line);
                String name = row[1] + " " + row[2] + " " + row[3];
                Document document = new Document();
                document.add(new NumericDocValuesField("id", Integer.parseInt(row[0])));
                for (String field : List.of("words", "sounds", "trigrams")) document.add(new TextField(field, name, Field.Store.NO));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
    }

    static Query query(String name, boolean trigrams, Map<String, String[]> forms) throws IOException {
        BooleanQuery.Builder all = new BooleanQuery.Builder();
        Set<String> words = tokens("words", name);
        for (String word : words) {
            all.add(new BoostQuery(new TermQuery(new Term("words", word)), 2f), Occur.SHOULD);
            int edits = word.length() < 3 ? 0 : word.length() < 6 ? 1 : 2;
            if (edits > 0) all.add(new FuzzyQuery(new Term("words", word), edits, 0, 50, true), Occur.SHOULD);
            for (String form : forms.getOrDefault(word, new String[0])) {
                if (!words.contains(form)) all.add(new TermQuery(new Term("words", form)), Occur.SHOULD);
            }
        }
        for (String sound : tokens("sounds", name)) all.add(new BoostQuery(new TermQuery(new Term("sounds", sound)), 0.7f), Occur.SHOULD);
        if (trigrams) {
            BooleanQuery.Builder some = new BooleanQuery.Builder();
            Set<String> grams = tokens("trigrams", name);
            for (String gram : grams) some.add(new TermQuery(new Term("trigrams", gram)), Occur.SHOULD);
            some.setMinimumNumberShouldMatch(Math.max(1, grams.size() / 2));
            all.add(new BoostQuery(some.build(), 0.5f), Occur.SHOULD);
        }
        return all.build();
    }

    public static void main(String[] arguments) throws IOException {
        Path people = Path.of(arguments[0]), asked = Path.of(arguments[1]), table = Path.of(arguments[2]);
        Map<String, String[]> forms = new HashMap<>();
        for (String line : Files.readAllLines(table)) {
            String[] columns = line.split("\t");
            forms.put(columns[0], columns[1].split(" "));
        }
        Directory directory = FSDirectory.open(Path.of(arguments[3]));
        if (!DirectoryReader.indexExists(directory)) index(people, directory);
        DirectoryReader reader = DirectoryReader.open(directory);
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(SIMILARITY);
        searcher.setQueryCache(null);
        ThreadMXBean clock = ManagementFactory.getThreadMXBean();
        List<String> queries = new ArrayList<>();
        List<String> lines = Files.readAllLines(asked);
        for (String line : lines.subList(1, lines.size())) queries.add(cells(line)[0]);
        for (String way : List.of("words", "trigrams", "wide")) {
            int shown = way.equals("wide") ? 60 : 10, count = way.equals("wide") ? Math.min(200, queries.size()) : queries.size();
            for (boolean counts : new boolean[] {false, true}) {
                for (int at = 0; at < (counts ? count : Math.min(WARM, count)); at++) {
                    long began = clock.getCurrentThreadCpuTime();
                    StringBuilder ids = new StringBuilder();
                    for (ScoreDoc hit : searcher.search(query(queries.get(at), !way.equals("words"), forms), shown).scoreDocs) {
                        // The index is one segment.
                        NumericDocValues id = reader.leaves().get(0).reader().getNumericDocValues("id");
                        id.advanceExact(hit.doc);
                        ids.append(ids.length() == 0 ? "" : " ").append(id.longValue());
                    }
                    double took = (clock.getCurrentThreadCpuTime() - began) / 1e6;
                    if (counts) System.out.println("lucene " + way + "\t" + at + "\t" + took + "\t" + ids);
                }
            }
        }
    }
}
