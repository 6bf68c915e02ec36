(d=>{if(d.dataset.theme=="auto")d.dataset.bsTheme=matchMedia("(prefers-color-scheme:dark)").matches?"dark":"light"})(document.documentElement)
