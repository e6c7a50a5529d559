const form = document.querySelector('.filter');
const articles = [...document.querySelectorAll('.samples article')];

function show() {
    const benchmark = form.benchmark.value;
    const kind = form.kind.value;
    const words = form.words.value.toLowerCase().split(/\s+/).filter(word => word);
    let shown = 0;
    for (const article of articles) {
        const text = words.length ? article.textContent.toLowerCase() : '';
        const wanted = (!benchmark || article.dataset.benchmark === benchmark)
            && (!kind || article.dataset.kind === kind)
            && words.every(word => text.includes(word));
        article.hidden = !wanted;
        shown += wanted ? 1 : 0;
    }
    form.querySelector('output').textContent = `${shown} of ${articles.length}`;
}

form.addEventListener('input', show);
form.addEventListener('submit', event => event.preventDefault());
show();
